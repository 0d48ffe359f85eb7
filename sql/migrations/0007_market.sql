-- The market: what coins buy, and what was bought.

CREATE TABLE market_items (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    key text NOT NULL,
    name text NOT NULL,
    description text,
    category text NOT NULL,
    cost_coins integer NOT NULL,
    rarity text,
    icon text,
    image_url text,
    is_available boolean NOT NULL DEFAULT TRUE,
    is_active boolean NOT NULL DEFAULT TRUE,
    is_consumable boolean NOT NULL DEFAULT FALSE,
    uses_per_purchase integer,
    total_stock integer,
    remaining_stock integer,
    effect jsonb,
    available_from timestamptz,
    available_until timestamptz,
    max_per_user integer,
    required_level integer NOT NULL DEFAULT 1,
    created_by uuid,
    sort_order integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT market_items_pkey PRIMARY KEY (id),
    CONSTRAINT market_items_key_key UNIQUE (key),
    CONSTRAINT market_items_cost_coins_check CHECK (cost_coins >= 0),
    CONSTRAINT market_items_rarity_check CHECK (rarity IN ('common', 'rare', 'epic', 'legendary')),
    CONSTRAINT market_items_uses_per_purchase_check CHECK (uses_per_purchase >= 1),
    CONSTRAINT market_items_total_stock_check CHECK (total_stock >= 0),
    CONSTRAINT market_items_effect_check CHECK (jsonb_typeof(effect) = 'object'),
    CONSTRAINT market_items_max_per_user_check CHECK (max_per_user >= 1),
    CONSTRAINT market_items_required_level_check CHECK (required_level >= 1),
    CONSTRAINT market_items_stock_check CHECK (
        (total_stock IS NULL) = (remaining_stock IS NULL)
        AND remaining_stock BETWEEN 0 AND total_stock
    ),
    CONSTRAINT market_items_window_check CHECK (available_until > available_from)
);

COMMENT ON TABLE market_items IS 'What the service sells for coins.';
COMMENT ON COLUMN market_items.key IS 'Stable name, such as theme_ocean.';
COMMENT ON COLUMN market_items.name IS 'Name shown to people.';
COMMENT ON COLUMN market_items.description IS 'What one gets.';
COMMENT ON COLUMN market_items.category IS 'Group in which it is shown.';
COMMENT ON COLUMN market_items.cost_coins IS 'Price of one, in coins.';
COMMENT ON COLUMN market_items.rarity IS 'How rare it is.';
COMMENT ON COLUMN market_items.icon IS 'Name of an icon.';
COMMENT ON COLUMN market_items.image_url IS 'Address of a picture.';
COMMENT ON COLUMN market_items.is_available IS 'Whether it can be bought just now. Set by admins.';
COMMENT ON COLUMN market_items.is_active IS
'False when it is retired: it is no longer shown, and what was bought stays.';
COMMENT ON COLUMN market_items.is_consumable IS
'Whether it is used up and can be bought again. Anything else is bought once.';
COMMENT ON COLUMN market_items.uses_per_purchase IS
'How often one bought item can be redeemed; null for what is not redeemed.';
COMMENT ON COLUMN market_items.total_stock IS 'How many there were in all; null for no limit.';
COMMENT ON COLUMN market_items.remaining_stock IS 'How many are left; null for no limit.';
COMMENT ON COLUMN market_items.effect IS
'What redeeming does, in one of these shapes: {"kind": "xp_boost", "factor": f, "hours": h}, '
'{"kind": "streak_shield", "count": n}, {"kind": "theme", "value": name} or {"kind": "avatar", '
'"value": name}.';
COMMENT ON COLUMN market_items.available_from IS 'When it can first be bought; null for always.';
COMMENT ON COLUMN market_items.available_until IS
'From when it can no longer be bought; null for never.';
COMMENT ON COLUMN market_items.max_per_user IS
'How many one person may buy in all; null for no limit.';
COMMENT ON COLUMN market_items.required_level IS 'The level that a buyer needs.';
COMMENT ON COLUMN market_items.created_by IS
'The admin who made it; null for those that came with the service.';
COMMENT ON COLUMN market_items.sort_order IS 'Place in lists; ties go by created_at, then id.';

CREATE TABLE user_market_items (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    title text NOT NULL,
    description text,
    icon text,
    cost_coins integer NOT NULL,
    is_active boolean NOT NULL DEFAULT TRUE,
    sort_order integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_market_items_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT user_market_items_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT user_market_items_cost_coins_check CHECK (cost_coins >= 0)
);

CREATE INDEX user_market_items_user_id_sort_order_created_at_id_idx
ON user_market_items (user_id, sort_order, created_at, id);

COMMENT ON TABLE user_market_items IS
'Rewards that a person sells to themselves, such as an episode for 20 coins.';
COMMENT ON COLUMN user_market_items.user_id IS 'The owner.';
COMMENT ON COLUMN user_market_items.title IS 'What one gets, in a line.';
COMMENT ON COLUMN user_market_items.description IS 'More about it.';
COMMENT ON COLUMN user_market_items.icon IS 'Name of an icon.';
COMMENT ON COLUMN user_market_items.cost_coins IS 'Price of one, in coins.';
COMMENT ON COLUMN user_market_items.is_active IS 'False when the owner has archived it.';
COMMENT ON COLUMN user_market_items.sort_order IS
'Place in the owner''s own order; ties go by created_at, then id.';

CREATE TABLE user_purchases (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    item_id uuid,
    user_item_id uuid,
    cost_coins integer NOT NULL,
    quantity integer NOT NULL DEFAULT 1,
    purchased_at timestamptz NOT NULL DEFAULT now(),
    redeemed_at timestamptz,
    uses_remaining integer,
    status text NOT NULL DEFAULT 'active',
    refunded_at timestamptz,
    refund_reason text,
    idempotency_key text,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_purchases_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT user_purchases_idempotency_key_key UNIQUE (user_id, idempotency_key),
    CONSTRAINT user_purchases_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT user_purchases_item_id_fkey FOREIGN KEY (item_id) REFERENCES market_items (id),
    CONSTRAINT user_purchases_user_item_id_fkey FOREIGN KEY (user_id, user_item_id)
    REFERENCES user_market_items (user_id, id),
    CONSTRAINT user_purchases_cost_coins_check CHECK (cost_coins >= 0),
    CONSTRAINT user_purchases_quantity_check CHECK (quantity >= 1),
    CONSTRAINT user_purchases_uses_remaining_check CHECK (uses_remaining >= 0),
    CONSTRAINT user_purchases_status_check CHECK (status IN ('active', 'redeemed', 'refunded')),
    CONSTRAINT user_purchases_item_check CHECK (num_nonnulls(item_id, user_item_id) = 1),
    CONSTRAINT user_purchases_redemption_check CHECK (
        status <> 'redeemed' OR redeemed_at IS NOT NULL
    ),
    CONSTRAINT user_purchases_refund_check CHECK (
        (status = 'refunded') = (refunded_at IS NOT NULL)
        AND (refunded_at IS NOT NULL OR refund_reason IS NULL)
    )
);

CREATE INDEX user_purchases_user_id_purchased_at_id_idx
ON user_purchases (user_id, purchased_at DESC, id);

CREATE INDEX user_purchases_user_id_item_id_idx ON user_purchases (user_id, item_id);

CREATE INDEX user_purchases_user_id_user_item_id_idx ON user_purchases (user_id, user_item_id);

CREATE INDEX user_purchases_item_id_idx ON user_purchases (item_id);

COMMENT ON TABLE user_purchases IS
'What a person has bought: either an item of the service or one of their own rewards.';
COMMENT ON COLUMN user_purchases.user_id IS 'The owner.';
COMMENT ON COLUMN user_purchases.item_id IS 'The item of the service.';
COMMENT ON COLUMN user_purchases.user_item_id IS 'The reward of their own.';
COMMENT ON COLUMN user_purchases.cost_coins IS 'Coins paid for all of it.';
COMMENT ON COLUMN user_purchases.quantity IS 'How many were bought.';
COMMENT ON COLUMN user_purchases.purchased_at IS 'When it was bought.';
COMMENT ON COLUMN user_purchases.redeemed_at IS
'When it was last redeemed; null before the first time.';
COMMENT ON COLUMN user_purchases.uses_remaining IS
'How often it can still be redeemed; null for what is not redeemed.';
COMMENT ON COLUMN user_purchases.status IS 'active until it is used up or refunded.';
COMMENT ON COLUMN user_purchases.refunded_at IS 'When it was refunded; null unless it was.';
COMMENT ON COLUMN user_purchases.refund_reason IS 'Why it was refunded.';
COMMENT ON COLUMN user_purchases.idempotency_key IS
'The client''s key of the purchase, so that it is not paid twice.';

CREATE TABLE market_transactions (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    transaction_type text NOT NULL,
    coins_amount integer NOT NULL,
    item_id uuid,
    user_item_id uuid,
    purchase_id uuid,
    reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT market_transactions_pkey PRIMARY KEY (user_id, id),
    CONSTRAINT market_transactions_user_id_fkey FOREIGN KEY (user_id)
    REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT market_transactions_item_id_fkey FOREIGN KEY (item_id) REFERENCES market_items (id),
    CONSTRAINT market_transactions_user_item_id_fkey FOREIGN KEY (user_id, user_item_id)
    REFERENCES user_market_items (user_id, id),
    CONSTRAINT market_transactions_purchase_id_fkey FOREIGN KEY (user_id, purchase_id)
    REFERENCES user_purchases (user_id, id),
    CONSTRAINT market_transactions_transaction_type_check CHECK (
        transaction_type IN ('purchase', 'refund', 'redeem', 'grant')
    ),
    CONSTRAINT market_transactions_item_check CHECK (num_nonnulls(item_id, user_item_id) <= 1),
    CONSTRAINT market_transactions_sign_check CHECK (
        CASE transaction_type
            WHEN 'purchase' THEN coins_amount <= 0
            WHEN 'redeem' THEN coins_amount = 0
            ELSE coins_amount >= 0
        END
    )
);

CREATE INDEX market_transactions_user_id_created_at_id_idx
ON market_transactions (user_id, created_at DESC, id);

CREATE INDEX market_transactions_user_id_purchase_id_idx
ON market_transactions (user_id, purchase_id);

CREATE INDEX market_transactions_user_id_user_item_id_idx
ON market_transactions (user_id, user_item_id);

CREATE INDEX market_transactions_item_id_idx ON market_transactions (item_id);

COMMENT ON TABLE market_transactions IS 'Every movement in the market, one row each. Append-only.';
COMMENT ON COLUMN market_transactions.user_id IS 'The owner.';
COMMENT ON COLUMN market_transactions.transaction_type IS 'What was done.';
COMMENT ON COLUMN market_transactions.coins_amount IS
'Change of the wallet in coins: negative for a purchase, positive for a refund.';
COMMENT ON COLUMN market_transactions.item_id IS 'The item of the service that it is about.';
COMMENT ON COLUMN market_transactions.user_item_id IS 'The reward of their own that it is about.';
COMMENT ON COLUMN market_transactions.purchase_id IS 'The purchase that it is about.';
COMMENT ON COLUMN market_transactions.reason IS 'Words for people, for refunds and grants by hand.';
