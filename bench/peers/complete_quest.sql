-- What PostGraphile's mutation calls: the four writes of completing a quest, without the rules that
-- the service keeps besides (achievements, streaks, universal quests, the daily limit).
CREATE SCHEMA bench;
GRANT USAGE ON SCHEMA bench TO questline_api;

CREATE FUNCTION bench.complete_quest(owner_id uuid, quest_id uuid) RETURNS public.user_quests
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    clock record;
    done public.user_quests;
    total bigint;
    level integer := 1;
    missing bigint;
BEGIN
    UPDATE users AS u
    SET change_seq = u.change_seq + 64,
        event_ms = greatest(u.event_ms + 64, (extract(epoch FROM now()) * 1000)::bigint),
        last_activity_at = now(), updated_at = now()
    WHERE u.id = owner_id
    RETURNING u.change_seq, u.event_ms, u.approved, u.disabled_at INTO clock;
    IF clock IS NULL OR NOT clock.approved OR clock.disabled_at IS NOT NULL THEN
        RAISE EXCEPTION 'this account may not write';
    END IF;
    UPDATE user_quests AS q
    SET status = 'completed', progress = q.target, completed_at = now(),
        last_completed_date = current_date, updated_at = now()
    WHERE q.user_id = owner_id AND q.id = quest_id AND q.status = 'active'
        AND (q.target = 1 OR q.progress >= q.target)
    RETURNING q.* INTO done;
    IF done IS NULL THEN
        RAISE EXCEPTION 'there is no such active quest';
    END IF;
    INSERT INTO points_ledger (user_id, event_type, event_id, coins, xp, local_date, idempotency_key)
    VALUES (owner_id, 'quest_complete', quest_id, done.coin_reward, done.xp_reward, current_date,
        format('quest:%s:once#0', quest_id));
    INSERT INTO user_wallet AS w (user_id, coins, total_earned, updated_at)
    VALUES (owner_id, done.coin_reward, done.coin_reward, now())
    ON CONFLICT (user_id) DO UPDATE
        SET coins = w.coins + excluded.coins, total_earned = w.total_earned + excluded.coins,
            updated_at = excluded.updated_at;
    SELECT coalesce(sum(p.total_xp), 0) + done.xp_reward INTO total
    FROM user_progress AS p WHERE p.user_id = owner_id;
    missing := total;
    WHILE missing >= floor(100 * power(level, 1.5)) LOOP
        missing := missing - floor(100 * power(level, 1.5));
        level := level + 1;
    END LOOP;
    missing := floor(100 * power(level, 1.5)) - missing;
    INSERT INTO user_progress AS p (user_id, total_xp, current_level, xp_to_next_level, updated_at)
    VALUES (owner_id, total, level, missing, now())
    ON CONFLICT (user_id) DO UPDATE
        SET total_xp = excluded.total_xp, current_level = excluded.current_level,
            xp_to_next_level = excluded.xp_to_next_level, updated_at = excluded.updated_at;
    INSERT INTO outbox (user_id, id, seq, event_type, table_name, row_id, payload, ts_utc_ms)
    SELECT owner_id, gen_random_uuid(), clock.change_seq - 64 + e.place, e.topic, e.origin,
        quest_id, jsonb_build_object('xp', done.xp_reward, 'coins', done.coin_reward),
        clock.event_ms - 64 + e.place
    FROM (VALUES
        (1, 'points.awarded', 'points_ledger'), (2, 'wallet.changed', 'user_wallet'),
        (3, 'quest.completed', 'user_quests')
    ) AS e (place, topic, origin);
    RETURN done;
END
$$;
GRANT EXECUTE ON FUNCTION bench.complete_quest(uuid, uuid) TO questline_api;
