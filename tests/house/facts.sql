-- name: columns
SELECT
    c.oid::regclass::text AS table_name,
    a.attname AS name,
    a.attnotnull AS required,
    format_type(a.atttypid, NULL) AS type,
    a.attgenerated <> '' OR a.attidentity = 'a' AS generated,
    a.atthasdef OR a.attidentity <> '' AS filled
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
INNER JOIN pg_attribute AS a ON c.oid = a.attrelid
WHERE
    n.nspname = any(:schemas::text[])
    AND c.relkind IN ('r', 'p')
    AND NOT c.relispartition
    AND a.attnum > 0
    AND NOT a.attisdropped
ORDER BY c.oid::regclass::text, a.attnum;

-- name: uniques
-- Indexes that let every set of values of their columns occur once in the whole table.
SELECT
    i.indrelid::regclass::text AS table_name,
    array(
        SELECT a.attname::text
        FROM unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, place)
        INNER JOIN pg_attribute AS a ON k.attnum = a.attnum AND a.attrelid = i.indrelid
        WHERE k.place <= i.indnkeyatts
        ORDER BY k.place
    ) AS columns
FROM pg_index AS i
INNER JOIN pg_class AS c ON i.indrelid = c.oid
INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
WHERE
    n.nspname = any(:schemas::text[])
    AND i.indisunique
    AND i.indpred IS NULL
    AND i.indexprs IS NULL
ORDER BY i.indrelid::regclass::text, i.indexrelid;

-- name: checks
SELECT
    k.conrelid::regclass::text AS table_name,
    k.conname AS name,
    array(
        SELECT a.attname::text
        FROM pg_attribute AS a
        WHERE a.attrelid = k.conrelid AND a.attnum = any(k.conkey)
    ) AS columns,
    pg_get_expr(k.conbin, k.conrelid) AS condition
FROM pg_constraint AS k
INNER JOIN pg_namespace AS n ON k.connamespace = n.oid
WHERE n.nspname = any(:schemas::text[]) AND k.contype = 'c' AND k.conrelid <> 0
ORDER BY k.conrelid::regclass::text, k.conname;

-- name: foreign_keys
SELECT
    k.conrelid::regclass::text AS table_name,
    k.confrelid::regclass::text AS target,
    array(
        SELECT a.attname::text
        FROM unnest(k.conkey) WITH ORDINALITY AS p (attnum, place)
        INNER JOIN pg_attribute AS a ON p.attnum = a.attnum AND a.attrelid = k.conrelid
        ORDER BY p.place
    ) AS columns,
    array(
        SELECT a.attname::text
        FROM unnest(k.confkey) WITH ORDINALITY AS p (attnum, place)
        INNER JOIN pg_attribute AS a ON p.attnum = a.attnum AND a.attrelid = k.confrelid
        ORDER BY p.place
    ) AS target_columns
FROM pg_constraint AS k
INNER JOIN pg_namespace AS n ON k.connamespace = n.oid
WHERE n.nspname = any(:schemas::text[]) AND k.contype = 'f'
ORDER BY k.conrelid::regclass::text, k.conname;

-- name: functions
-- Which volatilities the functions of each name have: i(mmutable), s(table), v(olatile).
SELECT
    p.proname AS name,
    array_agg(DISTINCT p.provolatile::text) AS kinds
FROM pg_proc AS p
GROUP BY p.proname;

-- name: privileges
-- What a role may do with each table; what it may do with some columns only names them.
SELECT
    c.oid::regclass::text AS table_name,
    p.command AS privilege
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE')) AS p (command)
WHERE
    n.nspname = any(:schemas::text[])
    AND c.relkind IN ('r', 'p')
    AND has_table_privilege(:role::name, c.oid, p.command)

UNION ALL

SELECT
    c.oid::regclass::text AS table_name,
    format('%s(%s)', p.command, a.attname) AS privilege
FROM pg_class AS c
INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
INNER JOIN pg_attribute AS a ON c.oid = a.attrelid AND a.attnum > 0 AND NOT a.attisdropped
CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE')) AS p (command)
WHERE
    n.nspname = any(:schemas::text[])
    AND c.relkind IN ('r', 'p')
    AND has_column_privilege(:role::name, c.oid, a.attname, p.command)
    AND NOT has_table_privilege(:role::name, c.oid, p.command);
