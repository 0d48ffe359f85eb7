-- Rules that every table keeps. Each query answers one row for each thing that breaks its rule.

-- name: foreign_keys_have_indexes
-- Deleting a parent looks for its children; an index must begin with the key's columns.
SELECT k.conrelid::regclass || ': no index begins with the columns of ' || k.conname AS problem
FROM pg_constraint AS k
INNER JOIN pg_namespace AS n ON k.connamespace = n.oid
WHERE
    n.nspname = any(:schemas::text[])
    AND k.contype = 'f'
    AND NOT EXISTS (
        SELECT FROM pg_index AS i
        WHERE
            i.indrelid = k.conrelid
            AND i.indpred IS NULL
            AND (i.indkey::smallint[])[0:(cardinality(k.conkey) - 1)] @> k.conkey
    )
ORDER BY problem;

-- name: row_security_is_on
SELECT c.oid::regclass || ': row-level security is off' AS problem
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
WHERE
    n.nspname = any(:schemas::text[]) AND c.relkind IN ('r', 'p') AND NOT c.relrowsecurity
ORDER BY problem;

-- name: grants_have_policies
-- A grant without a policy for its command gives nothing, so one of the two is a mistake.
SELECT
    format('%s: %s may %s, but no policy says which rows', c.oid::regclass, r.role, p.command)
        AS problem
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
CROSS JOIN unnest(:roles::text[]) AS r (role)
CROSS JOIN
    (VALUES ('SELECT', 'r'), ('INSERT', 'a'), ('UPDATE', 'w'), ('DELETE', 'd')) AS p (command, sign)
WHERE
    n.nspname = any(:schemas::text[])
    AND c.relkind IN ('r', 'p')
    AND (
        has_table_privilege(r.role, c.oid, p.command)
        OR (p.command <> 'DELETE' AND has_any_column_privilege(r.role, c.oid, p.command))
    )
    AND NOT EXISTS (
        SELECT FROM pg_policy AS o
        WHERE
            o.polrelid = c.oid
            AND o.polcmd IN ('*', p.sign)
            AND r.role::regrole = any(o.polroles)
    )
ORDER BY problem;

-- name: policies_are_plain
-- A policy is for one of the roles, and reads no other table: that costs, and may go in circles.
SELECT format('%s: the policy %s is for another role', o.polrelid::regclass, o.polname) AS problem
FROM pg_policy AS o
WHERE NOT o.polroles <@ array(SELECT r.role::regrole::oid FROM unnest(:roles::text[]) AS r (role))

UNION ALL

SELECT
    format(
        '%s: the policy %s reads %s', o.polrelid::regclass, o.polname, d.refobjid::regclass
    ) AS problem
FROM pg_policy AS o
INNER JOIN pg_depend AS d
    ON
        o.oid = d.objid
        AND d.classid = 'pg_policy'::regclass
        AND d.refclassid = 'pg_class'::regclass
        AND o.polrelid <> d.refobjid
ORDER BY problem;

-- name: grants_are_for_the_roles
-- Nobody but the roles of the service, and they no more than to read and write.
SELECT DISTINCT
    format(
        '%s: %s has %s', c.oid::regclass, coalesce(g.rolname, 'PUBLIC'), a.privilege_type
    ) AS problem
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
LEFT JOIN pg_attribute AS col ON c.oid = col.attrelid AND col.attacl IS NOT NULL
CROSS JOIN
    LATERAL (
        SELECT
            x.grantee,
            x.privilege_type
        FROM aclexplode(c.relacl) AS x
        UNION ALL
        SELECT
            y.grantee,
            y.privilege_type
        FROM aclexplode(col.attacl) AS y
    ) AS a
LEFT JOIN pg_roles AS g ON a.grantee = g.oid
WHERE
    n.nspname = any(:schemas::text[])
    AND a.grantee <> c.relowner
    AND (
        g.rolname IS NULL
        OR g.rolname <> all(:roles::text[])
        OR a.privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
    )
ORDER BY problem;

-- name: everything_has_a_comment
-- Only the columns that mean the same in every table go without one.
SELECT c.oid::regclass || ': the table has no comment' AS problem
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
WHERE
    n.nspname = any(:schemas::text[])
    AND c.relkind IN ('r', 'p')
    AND obj_description(c.oid, 'pg_class') IS NULL

UNION ALL

SELECT format('%s: the column %s has no comment', c.oid::regclass, a.attname) AS problem
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
INNER JOIN pg_attribute AS a ON c.oid = a.attrelid AND a.attnum > 0 AND NOT a.attisdropped
WHERE
    n.nspname = any(:schemas::text[])
    AND c.relkind IN ('r', 'p')
    AND a.attname NOT IN ('id', 'created_at', 'updated_at')
    AND col_description(c.oid, a.attnum) IS NULL

UNION ALL

SELECT format('%s: the policy %s has no comment', o.polrelid::regclass, o.polname) AS problem
FROM pg_policy AS o
WHERE obj_description(o.oid, 'pg_policy') IS NULL

UNION ALL

SELECT p.oid::regprocedure || ': the function has no comment' AS problem
FROM pg_proc AS p
INNER JOIN pg_namespace AS n ON p.pronamespace = n.oid
WHERE n.nspname = any(:schemas::text[]) AND obj_description(p.oid, 'pg_proc') IS NULL
ORDER BY problem;

-- name: constraints_are_named_by_the_convention
-- Table, then what it is about, then its kind. Keys are about their columns; the owner's column
-- goes without saying where there are others. An error names the input field from this.
WITH constraint_names AS (
    SELECT
        k.conrelid,
        k.conname,
        c.relname || CASE k.contype
            WHEN 'p' THEN '_pkey'
            WHEN 'u' THEN '_' || string_agg(a.attname, '_' ORDER BY p.place) || '_key'
            WHEN 'f' THEN '_' || string_agg(a.attname, '_' ORDER BY p.place) || '_fkey'
            WHEN 'c' THEN '_%_check'
            WHEN 'x' THEN '_%_excl'
        END AS wanted
    FROM pg_constraint AS k
    INNER JOIN pg_class AS c ON k.conrelid = c.oid
    INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
    CROSS JOIN LATERAL unnest(k.conkey) WITH ORDINALITY AS p (attnum, place)
    INNER JOIN pg_attribute AS a
        ON
            k.conrelid = a.attrelid
            AND p.attnum = a.attnum
            AND (a.attname <> 'user_id' OR cardinality(k.conkey) = 1 OR k.contype NOT IN ('u', 'f'))
    WHERE n.nspname = any(:schemas::text[]) AND k.contype IN ('p', 'u', 'f', 'c', 'x')
    GROUP BY k.oid, c.relname
),

index_names AS (
    SELECT
        i.indrelid,
        x.relname,
        c.relname || CASE WHEN i.indisunique THEN '_%_key' ELSE '_%_idx' END AS wanted
    FROM pg_index AS i
    INNER JOIN pg_class AS x ON i.indexrelid = x.oid
    INNER JOIN pg_class AS c ON i.indrelid = c.oid
    INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
    WHERE
        n.nspname = any(:schemas::text[])
        AND NOT EXISTS (
            SELECT FROM pg_constraint AS k
            WHERE k.conindid = i.indexrelid
        )
)

SELECT format('%s: %s should be called %s', k.conrelid::regclass, k.conname, k.wanted) AS problem
FROM constraint_names AS k
WHERE k.conname NOT LIKE replace(k.wanted, '_', '\_')

UNION ALL

SELECT format('%s: %s should be called %s', i.indrelid::regclass, i.relname, i.wanted) AS problem
FROM index_names AS i
WHERE i.relname NOT LIKE replace(i.wanted, '_', '\_')
ORDER BY problem;

-- name: append_only_tables_only_grow
-- What a table's comment calls append-only, the role that serves people can not change.
SELECT format('%s: %s', c.oid::regclass, v.why) AS problem
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
CROSS JOIN
    LATERAL (
        VALUES
        (
            has_table_privilege('questline_api', c.oid, 'UPDATE')
            OR has_any_column_privilege('questline_api', c.oid, 'UPDATE'),
            'the API role may update it'
        ),
        (has_table_privilege('questline_api', c.oid, 'DELETE'), 'the API role may delete from it'),
        (has_table_privilege('questline_api', c.oid, 'TRUNCATE'), 'the API role may empty it'),
        (
            EXISTS (
                SELECT FROM pg_policy AS o
                WHERE
                    o.polrelid = c.oid
                    AND o.polcmd IN ('*', 'w', 'd')
                    AND 'questline_api'::regrole = any(o.polroles)
            ),
            'a policy of the API role is for more than to read and to add'
        ),
        (
            EXISTS (
                SELECT FROM pg_attribute AS a
                WHERE a.attrelid = c.oid AND a.attname = 'updated_at' AND NOT a.attisdropped
            ),
            'it has updated_at, which nothing could ever move'
        )
    ) AS v (broken, why)
WHERE
    n.nspname = any(:schemas::text[])
    AND obj_description(c.oid, 'pg_class') ILIKE '%append-only%'
    AND v.broken
ORDER BY problem;

-- name: nothing_happens_behind_a_statement
-- Neither triggers nor rules: what a write does stands in its text.
SELECT format('%s: has the trigger %s', t.tgrelid::regclass, t.tgname) AS problem
FROM pg_trigger AS t
INNER JOIN pg_class AS c ON t.tgrelid = c.oid
INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
WHERE n.nspname = any(:schemas::text[]) AND NOT t.tgisinternal

UNION ALL

SELECT 'the database has the event trigger ' || e.evtname AS problem
FROM pg_event_trigger AS e

UNION ALL

SELECT format('%s: has the rule %s', w.ev_class::regclass, w.rulename) AS problem
FROM pg_rewrite AS w
INNER JOIN pg_class AS c ON w.ev_class = c.oid
INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
WHERE n.nspname = any(:schemas::text[]) AND w.rulename <> '_RETURN'
ORDER BY problem;

-- name: words_are_text
-- An enumeration is text with a check, which can be widened without a lock.
SELECT t.oid::regtype || ': is an enum type' AS problem
FROM pg_type AS t
INNER JOIN pg_namespace AS n ON t.typnamespace = n.oid
WHERE n.nspname = any(:schemas::text[]) AND t.typtype = 'e'
ORDER BY problem;

-- name: functions_past_the_policies_are_closed
-- One that runs as its owner looks nowhere but in its own schema, and not everyone may call it.
SELECT p.oid::regprocedure || ': its search_path is not learning, pg_temp' AS problem
FROM pg_proc AS p
INNER JOIN pg_namespace AS n ON p.pronamespace = n.oid
WHERE
    n.nspname = any(:schemas::text[])
    AND p.prosecdef
    AND NOT coalesce(p.proconfig @> ARRAY['search_path=learning, pg_temp'], FALSE)

UNION ALL

SELECT p.oid::regprocedure || ': everyone may call it' AS problem
FROM pg_proc AS p
INNER JOIN pg_namespace AS n ON p.pronamespace = n.oid
CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
WHERE n.nspname = any(:schemas::text[]) AND p.prosecdef AND a.grantee = 0
ORDER BY problem;

-- name: removed_tables_stay_away
-- Tables that were given up, and names that another table took over.
SELECT c.oid::regclass || ': was removed on purpose' AS problem
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
WHERE
    n.nspname = any(:schemas::text[])
    AND c.relname IN (
        'activity_events',
        'analysis_frame_chunks',
        'authenticators',
        'entitlements',
        'feature_flags',
        'habit_logs',
        'market_recommendations',
        'personal_records',
        'plan_templates',
        'program_weeks',
        'program_workouts',
        'quests',
        'role_entitlements',
        'skill_definitions',
        'user_inbox',
        'user_interests',
        'user_market_purchases',
        'user_rewards',
        'user_skills',
        'verification_tokens',
        'workout_sections'
    )
ORDER BY problem;
