-- name: focus_library_list
-- The viewer's libraries that match, with how many tracks each has.
SELECT
    l.id,
    l.name,
    l.description,
    l.library_type,
    l.is_favorite,
    l.sort_order,
    l.created_at,
    l.updated_at,
    (
        SELECT count(*)::int
        FROM focus_library_tracks AS t
        WHERE t.user_id = :user_id AND t.library_id = l.id
    ) AS track_count
FROM focus_libraries AS l
WHERE
    l.user_id = :user_id
    AND (:library_type::text IS null OR l.library_type = :library_type)
    AND (:is_favorite::bool IS null OR l.is_favorite = :is_favorite);

-- name: focus_library_ids
-- Every library of the user's in the user's own order.
SELECT l.id
FROM focus_libraries AS l
WHERE l.user_id = :user_id
ORDER BY l.sort_order, l.created_at, l.id;

-- name: focus_library_create
-- A new library goes to the end of the list.
INSERT INTO focus_libraries (
    user_id, id, name, description, library_type, sort_order, created_at, updated_at
)
SELECT
    :user_id,
    :id,
    :name,
    :description,
    :library_type,
    coalesce(max(l.sort_order), 0) + 1,
    :now,
    :now
FROM focus_libraries AS l
WHERE l.user_id = :user_id;

-- name: focus_library_update
-- Writes what an edit may change, as it is to be. Touches no row when it is not the viewer's.
UPDATE focus_libraries AS l
SET
    name = :name,
    description = :description,
    library_type = :library_type,
    is_favorite = :is_favorite,
    updated_at = :now
WHERE l.user_id = :user_id AND l.id = :id;

-- name: focus_library_reorder
-- Gives the libraries their places in the order of the ids.
UPDATE focus_libraries AS l
SET
    sort_order = o.place,
    updated_at = :now
FROM unnest(:ids::uuid[]) WITH ORDINALITY AS o (id, place)
WHERE l.user_id = :user_id AND l.id = o.id AND l.sort_order <> o.place;

-- name: focus_library_delete
-- The tracks go with it. Touches no row when it is not one of the viewer's libraries.
DELETE FROM focus_libraries AS l
WHERE l.user_id = :user_id AND l.id = :id;

-- name: focus_track_list
-- The tracks of one library, or of all of the viewer's. Pages put their order and limit around it.
SELECT
    t.id,
    t.library_id,
    t.track_id,
    t.track_title,
    t.track_url,
    t.duration_seconds,
    t.sort_order,
    t.added_at,
    t.updated_at
FROM focus_library_tracks AS t
WHERE t.user_id = :user_id AND (:library_id::uuid IS null OR t.library_id = :library_id);

-- name: focus_track_by_library_ids
-- The first tracks of each of several libraries, in their order.
SELECT
    t.id,
    t.library_id,
    t.track_id,
    t.track_title,
    t.track_url,
    t.duration_seconds,
    t.sort_order,
    t.added_at,
    t.updated_at
FROM unnest(:ids::uuid[]) AS k (library_id)
CROSS JOIN
    LATERAL (
        SELECT
            u.id,
            u.library_id,
            u.track_id,
            u.track_title,
            u.track_url,
            u.duration_seconds,
            u.sort_order,
            u.added_at,
            u.updated_at
        FROM focus_library_tracks AS u
        WHERE u.user_id = :user_id AND u.library_id = k.library_id
        ORDER BY u.sort_order, u.added_at, u.id
        LIMIT :most
    ) AS t
ORDER BY t.library_id, t.sort_order, t.added_at, t.id;

-- name: focus_track_ids
-- Every track of a library in its order.
SELECT t.id
FROM focus_library_tracks AS t
WHERE t.user_id = :user_id AND t.library_id = :library_id
ORDER BY t.sort_order, t.added_at, t.id;

-- name: focus_track_add
-- A new track goes to the end of its library. Touches no row when the library is not the viewer's.
INSERT INTO focus_library_tracks (
    user_id,
    id,
    library_id,
    track_id,
    track_title,
    track_url,
    duration_seconds,
    sort_order,
    added_at,
    updated_at
)
SELECT
    :user_id,
    :id,
    l.id,
    :track_id,
    :track_title,
    :track_url,
    :duration_seconds::int,
    (
        SELECT coalesce(max(t.sort_order), 0) + 1
        FROM focus_library_tracks AS t
        WHERE t.user_id = :user_id AND t.library_id = :library_id
    ),
    :now,
    :now
FROM focus_libraries AS l
WHERE l.user_id = :user_id AND l.id = :library_id;

-- name: focus_track_reorder
-- Gives the tracks of a library their places in the order of the ids.
UPDATE focus_library_tracks AS t
SET
    sort_order = o.place,
    updated_at = :now
FROM unnest(:ids::uuid[]) WITH ORDINALITY AS o (id, place)
WHERE
    t.user_id = :user_id
    AND t.library_id = :library_id
    AND t.id = o.id
    AND t.sort_order <> o.place;

-- name: focus_track_remove
-- No row: it is not one of the viewer's tracks.
DELETE FROM focus_library_tracks AS t
WHERE t.user_id = :user_id AND t.id = :id
RETURNING t.library_id;
