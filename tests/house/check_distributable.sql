-- name: check_distributable
-- What in the schema would keep its tables from being distributed over several servers; no row
-- means nothing. Reads the catalogue alone, so any PostgreSQL can answer.
--
-- The manifest has an entry for each table: the column by which a user-owned one is distributed,
-- beside the same user's rows of all others; "own:" and a column for one that is distributed by a
-- key of its own; "reference" for one that every server has a copy of; "local" for one that stays
-- on one server.
WITH manifest AS (
    SELECT
        entry.key AS name,
        CASE
            WHEN entry.value IN ('reference', 'local') THEN entry.value
            WHEN starts_with(entry.value, 'own:') THEN 'own'
            ELSE 'user'
        END AS kind,
        CASE
            WHEN entry.value NOT IN ('reference', 'local')
                THEN regexp_replace(entry.value, '^own:', '')
        END AS key_column
    FROM jsonb_each_text(:manifest::jsonb) AS entry
),

-- A partition goes where its parent goes.
relations AS (
    SELECT
        c.oid,
        m.kind,
        m.key_column,
        a.attnum AS key_number,
        a.atttypid AS key_type,
        a.attcollation AS key_collation,
        a.attnotnull AS key_required,
        a.attgenerated AS key_generated,
        c.oid::regclass::text AS name,
        exists(
            SELECT FROM pg_constraint AS k
            WHERE k.conrelid = c.oid AND k.contype = 'p'
        ) AS has_primary_key,
        EXISTS (
            SELECT FROM pg_inherits AS h
            WHERE h.inhrelid = c.oid
        ) OR (c.relkind = 'r' AND EXISTS (
            SELECT FROM pg_inherits AS h
            WHERE h.inhparent = c.oid
        )) AS inherits
    FROM pg_class AS c
    INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
    LEFT JOIN manifest AS m ON c.oid::regclass::text = m.name
    LEFT JOIN pg_attribute AS a
        ON
            c.oid = a.attrelid
            AND m.key_column = a.attname
            AND a.attnum > 0
            AND NOT a.attisdropped
    WHERE
        n.nspname = any(:schemas::text[])
        AND c.relkind IN ('r', 'p')
        AND NOT c.relispartition
),

foreign_keys AS (
    SELECT
        source.name,
        k.conname,
        k.confdeltype,
        k.confupdtype,
        source.kind AS source_kind,
        coalesce(target.kind, 'unknown') AS target_kind,
        coalesce(target.name, 'a table elsewhere') AS target_name,
        array_position(k.conkey, source.key_number) AS source_place,
        array_position(k.confkey, target.key_number) AS target_place
    FROM pg_constraint AS k
    INNER JOIN relations AS source ON k.conrelid = source.oid
    LEFT JOIN relations AS target ON k.confrelid = target.oid
    WHERE k.contype = 'f'
),

-- Where a unique index or an exclusion has the distribution column, compared by equality.
guarded AS (
    SELECT
        i.indexrelid,
        bool_or(
            i.indkey[place.n] = r.key_number
            AND (x.conexclop IS NULL OR o.oprname = '=')
        ) AS holds_key
    FROM pg_index AS i
    INNER JOIN relations AS r ON i.indrelid = r.oid
    LEFT JOIN pg_constraint AS x
        ON i.indexrelid = x.conindid AND i.indrelid = x.conrelid AND x.contype = 'x'
    CROSS JOIN LATERAL generate_series(0, i.indnkeyatts - 1) AS place (n)
    LEFT JOIN pg_operator AS o ON x.conexclop[place.n + 1] = o.oid
    WHERE r.key_number IS NOT NULL AND (i.indisunique OR i.indisexclusion)
    GROUP BY i.indexrelid
)

SELECT
    v.rule,
    r.name AS relation,
    r.key_column AS object,
    v.why
FROM relations AS r
LEFT JOIN relations AS u ON u.name = 'users'
CROSS JOIN
    LATERAL (
        VALUES
        ('unclassified', r.kind IS NULL, 'the manifest does not name this table'),
        (
            'column missing',
            r.key_column IS NOT NULL AND r.key_number IS NULL,
            'the distribution column does not exist'
        ),
        (
            'column nullable',
            NOT r.key_required,
            'no row may be without a value to be distributed by'
        ),
        (
            'column generated',
            r.key_generated <> '',
            'a table can not be distributed by a generated column'
        ),
        (
            'column type',
            r.kind = 'user'
            AND (r.key_type, r.key_collation) IS DISTINCT FROM (u.key_type, u.key_collation),
            'another type or collation than that of users puts the rows elsewhere'
        ),
        (
            'no primary key',
            r.kind <> 'local' AND NOT r.has_primary_key,
            'without one its rows can not be moved while they are in use'
        ),
        (
            'inheritance',
            r.kind <> 'local' AND r.inherits,
            'a table that inherits, or is inherited from, can not be distributed'
        )
    ) AS v (rule, broken, why)
WHERE v.broken

UNION ALL

SELECT
    'stale' AS rule,
    m.name AS relation,
    NULL AS object,
    'the manifest names a table that does not exist' AS why
FROM manifest AS m
WHERE m.name NOT IN (SELECT r.name FROM relations AS r)

UNION ALL

SELECT
    v.rule,
    f.name AS relation,
    f.conname AS object,
    v.why
FROM foreign_keys AS f
CROSS JOIN
    LATERAL (
        VALUES
        (
            'foreign key target',
            (f.source_kind, f.target_kind) NOT IN (
                ('user', 'user'),
                ('user', 'reference'),
                ('own', 'reference'),
                ('reference', 'reference'),
                ('local', 'reference'),
                ('local', 'local')
            )
            AND NOT (f.source_kind = 'own' AND f.name = f.target_name),
            format('%s rows can not refer to %s rows', f.source_kind, f.target_kind)
        ),
        (
            'foreign key columns',
            f.source_kind IN ('user', 'own')
            AND f.source_kind = f.target_kind
            AND (f.source_place IS NULL OR f.source_place IS DISTINCT FROM f.target_place),
            'it must pair the distribution columns of both tables'
        ),
        (
            'foreign key action',
            f.source_place IS NOT NULL
            AND (f.confdeltype IN ('n', 'd') OR f.confupdtype IN ('c', 'n', 'd')),
            'it would change the distribution column'
        )
    ) AS v (rule, broken, why)
WHERE v.broken

UNION ALL

SELECT
    'unique' AS rule,
    i.indrelid::regclass::text AS relation,
    i.indexrelid::regclass::text AS object,
    'what is unique over all rows must hold the distribution column' AS why
FROM guarded AS g
INNER JOIN pg_index AS i ON g.indexrelid = i.indexrelid
WHERE NOT g.holds_key

UNION ALL

SELECT
    'trigger' AS rule,
    r.name AS relation,
    t.tgname AS object,
    'the other servers would not run it' AS why
FROM relations AS r
INNER JOIN pg_trigger AS t ON r.oid = t.tgrelid
WHERE r.kind <> 'local' AND NOT t.tgisinternal

UNION ALL

SELECT
    'small sequence' AS rule,
    r.name AS relation,
    a.attname AS object,
    'a column that counts must be bigint, of which each server gets a share' AS why
FROM relations AS r
INNER JOIN pg_attribute AS a ON r.oid = a.attrelid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef AS d ON a.attrelid = d.adrelid AND a.attnum = d.adnum
WHERE
    r.kind <> 'local'
    AND a.atttypid IN ('integer'::regtype, 'smallint'::regtype)
    AND (a.attidentity <> '' OR starts_with(pg_get_expr(d.adbin, d.adrelid), 'nextval('))
ORDER BY rule, relation, object;
