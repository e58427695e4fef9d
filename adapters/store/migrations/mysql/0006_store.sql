-- The store of Counterfoil in the MySQL family: the schema of `migrations/sqlite`, in this engine's words (docs/store.md).
--
-- Amounts are decimals as text, so that no digit is lost or made up, and never summed in SQL. Instants are whole
-- microseconds since 1970-01-01T00:00:00Z. An owner is `user:` or `group:` and an id. Names are bytes of UTF-8, which
-- compare as they are, trailing spaces too. What was metered, stated or paid is written once; the triggers refuse to
-- edit it.
--
-- A statement that changes the schema is a transaction of its own here: this file can be run again from its beginning.

-- What only one transaction at a time may decide about: rows to lock, 1,024 for owners and as many for the rest.
create table if not exists turns (
    turn bigint primary key
) engine = InnoDB;

insert ignore into turns (turn)
select a.n * 64 + b.n * 8 + c.n + d.n * 512 from
    (select 0 n union select 1 union select 2 union select 3 union select 4 union select 5 union select 6 union select 7) a,
    (select 0 n union select 1 union select 2 union select 3 union select 4 union select 5 union select 6 union select 7) b,
    (select 0 n union select 1 union select 2 union select 3 union select 4 union select 5 union select 6 union select 7) c,
    (select 0 n union select 1 union select 2 union select 3) d;

-- Which application a settlement unit belongs to (R-W7a).
create table if not exists service_units (
    unit        varbinary(255) primary key check (unit <> ''),
    application varbinary(255) not null check (application <> '')
) engine = InnoDB default character set ascii collate ascii_bin;

create table if not exists rate_cards (
    revision varbinary(255) primary key,
    currency char(3) not null check (currency regexp '^[A-Z]{3}$'),
    source   longtext character set utf8mb4 not null,
    -- SHA-256 of the source, so that a card that was edited by hand is noticed.
    digest   varbinary(32) not null check (octet_length(digest) = 32),
    -- What it is written in, and when it is in force (R-P1); none for always, and for ever.
    format   varchar(20) not null check (format in ('toml', 'json')),
    from_us  bigint,
    to_us    bigint,
    check (to_us is null or from_us is null or to_us > from_us)
) engine = InnoDB default character set ascii collate ascii_bin;

create table if not exists resources (
    id       bigint not null auto_increment primary key,
    resource varbinary(255) not null unique,
    kind     varbinary(255) not null,
    owner    varbinary(261) not null check (owner like 'user:%' or owner like 'group:%'),
    unit     varbinary(255) not null
) engine = InnoDB default character set ascii collate ascii_bin;

create table if not exists spans (
    resource bigint not null,
    position bigint not null check (position >= 0),
    start_us bigint not null,
    end_us   bigint,
    check (end_us >= start_us),
    mode     varchar(20) not null check (mode in ('post_paid', 'pre_paid', 'quota')),
    -- [[dimension, model, amount, unit], …]
    spec     longtext character set utf8mb4 not null check (json_valid(spec)),
    primary key (resource, position),
    foreign key (resource) references resources (id) on delete cascade
) engine = InnoDB default character set ascii collate ascii_bin;

-- The usage of a resource in a window, with its amounts. A correction is a further version (R-U6).
create table if not exists readings (
    id       bigint not null auto_increment primary key,
    resource varbinary(255) not null,
    start_us bigint not null,
    end_us   bigint not null,
    check (end_us >= start_us),
    version  bigint not null check (version >= 0),
    owner    varbinary(261) not null check (owner like 'user:%' or owner like 'group:%'),
    unit     varbinary(255) not null,
    kind     varbinary(255) not null,
    revision varbinary(255) not null,
    -- [[dimension, model, unit, measure, used, payable], …]
    "usage"  longtext character set utf8mb4 not null check (json_valid("usage")),
    currency char(3) not null check (currency regexp '^[A-Z]{3}$'),
    original varchar(40) not null check (original regexp '^-?[0-9]+([.][0-9]+)?$'),
    payable  varchar(40) not null check (payable regexp '^-?[0-9]+([.][0-9]+)?$'),
    -- By day first: the readings of a day stand together.
    unique (start_us, end_us, resource, version),
    foreign key (revision) references rate_cards (revision),
    key readings_by_owner (owner, start_us, end_us)
) engine = InnoDB default character set ascii collate ascii_bin;

create table if not exists payments (
    id          bigint not null auto_increment primary key,
    application varbinary(255) not null check (application <> ''),
    order_id    varbinary(1700) not null check (order_id <> ''),
    unit        varbinary(255) not null,
    payer       varbinary(261) not null check (payer like 'user:%' or payer like 'group:%'),
    currency    char(3) not null check (currency regexp '^[A-Z]{3}$'),
    amount      varchar(40) not null check (amount regexp '^[0-9]+([.][0-9]+)?$'),
    method      varchar(20) not null check (method in ('coupon', 'balance', 'mixed')),
    -- The coupons that were named, as a list in JSON; none for the automatic choice.
    coupons     longtext character set utf8mb4 check (json_valid(coupons)),
    funding     varchar(20) not null check (funding in ('coupons_only', 'enough_funds', 'overdraft', 'debt')),
    -- How far below zero the balance may go; none for no end to it.
    overdraft   varchar(40),
    check (overdraft is null or funding = 'overdraft'),
    paid_us     bigint not null,
    -- One payment for each order of an application (R-W13).
    unique (application, order_id)
) engine = InnoDB default character set ascii collate ascii_bin;

-- What an owner is asked to pay for a day, by service unit and kind of resource (R-S1).
create table if not exists statements (
    id        bigint not null auto_increment primary key,
    statement varbinary(1700) not null unique,
    date      char(10) not null check (date regexp '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
    zone      varbinary(64) not null,
    owner     varbinary(261) not null check (owner like 'user:%' or owner like 'group:%'),
    unit      varbinary(255) not null,
    kind      varbinary(255) not null,
    sequence  bigint not null check (sequence between 0 and 4294967295),
    currency  char(3) not null check (currency regexp '^[A-Z]{3}$'),
    original  varchar(40) not null check (original regexp '^-?[0-9]+([.][0-9]+)?$'),
    payable   varchar(40) not null check (payable regexp '^-?[0-9]+([.][0-9]+)?$'),
    status    varchar(20) not null check (status in ('unpaid', 'paid', 'cancelled')),
    -- None for one that is paid because there was nothing to pay.
    payment   bigint unique,
    check (payment is null or status = 'paid'),
    unique (owner, date, zone, unit, kind, sequence),
    foreign key (payment) references payments (id),
    key statements_by_date (date, zone)
) engine = InnoDB default character set ascii collate ascii_bin;

-- What a reading adds to a statement; in a correction, what it changes.
create table if not exists statement_lines (
    statement  bigint not null,
    position   bigint not null check (position >= 0),
    reading    bigint not null,
    -- 1 where the line takes back what an earlier statement asked for this reading.
    taken_back bigint not null check (taken_back in (0, 1)),
    original   varchar(40) not null check (original regexp '^-?[0-9]+([.][0-9]+)?$'),
    payable    varchar(40) not null check (payable regexp '^-?[0-9]+([.][0-9]+)?$'),
    primary key (statement, position),
    -- A reading belongs to at most one statement, and is taken back at most once (R-S2).
    unique (reading, taken_back),
    foreign key (statement) references statements (id),
    foreign key (reading) references readings (id)
) engine = InnoDB default character set ascii collate ascii_bin;

create table if not exists accounts (
    owner        varbinary(261) primary key check (owner like 'user:%' or owner like 'group:%'),
    currency     char(3) not null check (currency regexp '^[A-Z]{3}$'),
    -- As the account was loaded, and as it stands.
    opening      varchar(40) not null check (opening regexp '^-?[0-9]+([.][0-9]+)?$'),
    opening_debt varchar(40) not null check (opening_debt regexp '^[0-9]+([.][0-9]+)?$'),
    balance      varchar(40) not null check (balance regexp '^-?[0-9]+([.][0-9]+)?$'),
    debt         varchar(40) not null check (debt regexp '^[0-9]+([.][0-9]+)?$')
) engine = InnoDB default character set ascii collate ascii_bin;

create table if not exists coupons (
    coupon        varbinary(255) primary key check (coupon <> ''),
    currency      char(3) not null check (currency regexp '^[A-Z]{3}$'),
    face_value    varchar(40) not null check (face_value regexp '^[0-9]+([.][0-9]+)?$'),
    -- As the coupon was loaded, and as it stands.
    opening       varchar(40) not null check (opening regexp '^[0-9]+([.][0-9]+)?$'),
    balance       varchar(40) not null check (balance regexp '^[0-9]+([.][0-9]+)?$'),
    status        varchar(20) not null check (status in ('wait', 'available', 'cancelled', 'deleted')),
    effective_us  bigint not null,
    expiration_us bigint not null,
    created_us    bigint not null,
    owner         varbinary(261) check (owner like 'user:%' or owner like 'group:%'),
    unit          varbinary(255),
    -- The one order that it pays for; none for anything of its unit.
    scope_order   varbinary(1700),
    category      varbinary(255) not null,
    key coupons_by_owner (owner)
) engine = InnoDB default character set ascii collate ascii_bin;

-- What a payment took from each source, in order (R-W8).
create table if not exists legs (
    payment     bigint not null,
    position    bigint not null check (position >= 0),
    source      varchar(20) not null check (source in ('coupon', 'balance', 'debt')),
    coupon      varbinary(255),
    check ((source = 'coupon') = (coupon is not null)),
    amount      varchar(40) not null check (amount regexp '^[0-9]+([.][0-9]+)?$'),
    held_before varchar(40) not null check (held_before regexp '^-?[0-9]+([.][0-9]+)?$'),
    held_after  varchar(40) not null check (held_after regexp '^-?[0-9]+([.][0-9]+)?$'),
    primary key (payment, position),
    foreign key (payment) references payments (id),
    foreign key (coupon) references coupons (coupon),
    key legs_by_coupon (coupon)
) engine = InnoDB default character set ascii collate ascii_bin;

-- What was put on an account.
create table if not exists top_ups (
    id       bigint not null auto_increment primary key,
    top_up   varbinary(255) not null unique check (top_up <> ''),
    account  varbinary(261) not null,
    currency char(3) not null check (currency regexp '^[A-Z]{3}$'),
    amount   varchar(40) not null check (amount regexp '^[0-9]+([.][0-9]+)?$'),
    at_us    bigint not null,
    foreign key (account) references accounts (owner),
    key top_ups_by_account (account)
) engine = InnoDB default character set ascii collate ascii_bin;

-- What is given back of a payment (R-W14 … R-W19). Its id is one within its application.
create table if not exists refunds (
    id            bigint not null auto_increment primary key,
    application   varbinary(255) not null,
    -- That of a correction is the id of its statement, and a number.
    refund        varbinary(1750) not null check (refund <> ''),
    payment       bigint not null,
    currency      char(3) not null check (currency regexp '^[A-Z]{3}$'),
    -- How much of the payment is undone, and what of that is kept.
    amount        varchar(40) not null check (amount regexp '^[0-9]+([.][0-9]+)?$'),
    fee           varchar(40) not null check (fee regexp '^[0-9]+([.][0-9]+)?$'),
    step          varchar(40) not null check (step regexp '^[0-9]+([.][0-9]+)?$'),
    returned      varchar(20) not null check (returned in ('proportional', 'reverse_deduction', 'paid_first', 'free_first')),
    give_back     varchar(20) not null check (give_back in ('same_coupon', 'same_coupon_until', 'balance_if_expired', 'balance',
                                                     'recorded_only', 'not_coupons')),
    give_until_us bigint,
    check ((give_until_us is not null) = (give_back = 'same_coupon_until')),
    state         varchar(20) not null check (state in ('wait', 'success', 'error', 'closed')),
    -- The correction that it settles (R-S2).
    correction    bigint,
    unique (application, refund),
    foreign key (payment) references payments (id),
    foreign key (correction) references statements (id),
    key refunds_by_payment (payment),
    key refunds_by_correction (correction)
) engine = InnoDB default character set ascii collate ascii_bin;

-- What of each source is given back, and where it goes.
create table if not exists refund_legs (
    refund      bigint not null,
    position    bigint not null check (position >= 0),
    source      varchar(20) not null check (source in ('coupon', 'balance', 'debt')),
    coupon      varbinary(255),
    check ((source = 'coupon') = (coupon is not null)),
    amount      varchar(40) not null check (amount regexp '^[0-9]+([.][0-9]+)?$'),
    destination varchar(20) not null check (destination in ('source', 'source_until', 'balance', 'recorded')),
    primary key (refund, position),
    foreign key (refund) references refunds (id),
    foreign key (coupon) references coupons (coupon)
) engine = InnoDB default character set ascii collate ascii_bin;

-- How a refund came to its state; the first row is how it began.
create table if not exists refund_steps (
    refund       bigint not null,
    position     bigint not null check (position >= 0),
    at_us        bigint not null,
    event        varchar(20),
    check (event in ('succeed', 'fail', 'retry', 'close') and (event is null) = (state_before is null)),
    state_before varchar(20),
    state_after  varchar(20) not null,
    primary key (refund, position),
    foreign key (refund) references refunds (id)
) engine = InnoDB default character set ascii collate ascii_bin;

-- Open statements of a group are settled together (R-S2): this one with that one, which has the payment or the refunds.
create table if not exists settled_with (
    statement bigint primary key,
    leader    bigint not null,
    check (leader <> statement),
    foreign key (statement) references statements (id),
    foreign key (leader) references statements (id),
    key settled_with_leader (leader)
) engine = InnoDB default character set ascii collate ascii_bin;

create table if not exists entries (
    id         bigint not null auto_increment primary key,
    source     varchar(20) not null check (source in ('balance', 'debt', 'coupon')),
    account    varbinary(261),
    check ((source = 'coupon') = (account is null)),
    coupon     varbinary(255),
    check ((source = 'coupon') = (coupon is not null)),
    -- The one cause, and which leg of it this is.
    payment    bigint,
    top_up     bigint,
    refund     bigint,
    position   bigint not null check (position >= 0),
    delta      varchar(40) not null check (delta regexp '^-?[0-9]+([.][0-9]+)?$'),
    held_after varchar(40) not null check (held_after regexp '^-?[0-9]+([.][0-9]+)?$'),
    check ((payment is not null) + (top_up is not null) + (refund is not null) = 1),
    unique (payment, position),
    unique (top_up, position),
    unique (refund, position),
    foreign key (account) references accounts (owner),
    foreign key (coupon) references coupons (coupon),
    foreign key (payment) references payments (id),
    foreign key (top_up) references top_ups (id),
    foreign key (refund) references refunds (id),
    key entries_by_account (account, source),
    key entries_by_coupon (coupon)
) engine = InnoDB default character set ascii collate ascii_bin;

-- What a coupon's code must come to: SHA-256 of the id and the code. The code itself is as good as money.
create table if not exists coupon_codes (
    coupon varbinary(255) primary key,
    digest varbinary(32) not null check (octet_length(digest) = 32),
    foreign key (coupon) references coupons (coupon)
) engine = InnoDB default character set ascii collate ascii_bin;

-- What became of a coupon since it was taken in, besides its balance.
create table if not exists coupon_changes (
    id                   bigint not null auto_increment primary key,
    coupon               varbinary(255) not null,
    "change"             varchar(20) not null check ("change" in ('redeem', 'cancel', 'extend')),
    at_us                bigint not null,
    status_before        varchar(20) not null,
    status_after         varchar(20) not null,
    owner_before         varbinary(261),
    owner_after          varbinary(261),
    expiration_before_us bigint not null,
    expiration_after_us  bigint not null,
    foreign key (coupon) references coupons (coupon),
    key coupon_changes_by_coupon (coupon),
    -- A coupon is redeemed once, and cancelled once.
    once                 varbinary(20) as (case when "change" in ('redeem', 'cancel') then "change" end) virtual,
    unique key coupons_change_once (coupon, once)
) engine = InnoDB default character set ascii collate ascii_bin;

-- Readings that are no more and cost nothing: no statement takes them back.
create table if not exists withdrawals (
    reading bigint primary key,
    foreign key (reading) references readings (id)
) engine = InnoDB default character set ascii collate ascii_bin;

-- Money that is set aside for orders which are not paid yet (R-W12).

create table if not exists locks (
    id          bigint not null auto_increment primary key,
    -- What is to be paid; one lock for each order of an application.
    application varbinary(255) not null check (application <> ''),
    order_id    varbinary(1700) not null check (order_id <> ''),
    unit        varbinary(255) not null,
    payer       varbinary(261) not null,
    currency    char(3) not null check (currency regexp '^[A-Z]{3}$'),
    amount      varchar(40) not null check (amount regexp '^[0-9]+([.][0-9]+)?$'),
    coupons     longtext character set utf8mb4 check (json_valid(coupons)),
    funding     varchar(20) not null check (funding in ('coupons_only', 'enough_funds', 'overdraft', 'debt')),
    overdraft   varchar(40),
    check (overdraft is null or funding = 'overdraft'),
    made_us     bigint not null,
    -- The last instant at which it holds.
    expires_us  bigint not null,
    check (expires_us > made_us),
    status      varchar(20) not null check (status in ('authorised', 'captured', 'voided', 'expired')),
    ended_us    bigint,
    check ((ended_us is null) = (status = 'authorised')),
    -- What was captured is what was paid.
    payment     bigint unique,
    check ((payment is not null) = (status = 'captured')),
    unique (application, order_id),
    foreign key (payer) references accounts (owner),
    foreign key (payment) references payments (id),
    key locks_by_payer (payer, status),
    key locks_by_expiration (status, expires_us)
) engine = InnoDB default character set ascii collate ascii_bin;

-- What it holds of each source, and what the source held when it was made.
create table if not exists lock_legs (
    "lock"      bigint not null,
    position    bigint not null check (position >= 0),
    source      varchar(20) not null check (source in ('coupon', 'balance')),
    coupon      varbinary(255),
    check ((source = 'coupon') = (coupon is not null)),
    amount      varchar(40) not null check (amount regexp '^[0-9]+([.][0-9]+)?$'),
    held_before varchar(40) not null check (held_before regexp '^[0-9]+([.][0-9]+)?$'),
    held_after  varchar(40) not null check (held_after regexp '^[0-9]+([.][0-9]+)?$'),
    primary key ("lock", position),
    foreign key ("lock") references locks (id),
    foreign key (coupon) references coupons (coupon)
) engine = InnoDB default character set ascii collate ascii_bin;

-- Orders with their items (R-O1), plans that are renewed in cycles (R-O2, R-O3), and how each came to its state.

create table if not exists orders (
    id          bigint not null auto_increment primary key,
    application varbinary(255) not null check (application <> ''),
    order_id    varbinary(1700) not null check (order_id <> ''),
    order_type  varchar(20) not null check (order_type in ('new', 'renewal', 'upgrade', 'downgrade', 'post2pre')),
    owner       varbinary(261) not null check (owner like 'user:%' or owner like 'group:%'),
    unit        varbinary(255) not null,
    currency    char(3) not null check (currency regexp '^[A-Z]{3}$'),
    amount      varchar(40) not null check (amount regexp '^[0-9]+([.][0-9]+)?$'),
    -- What the parts of the items are multiples of.
    step        varchar(40) not null check (step regexp '^[0-9]+([.][0-9]+)?$'),
    created_us  bigint not null,
    -- Within how many seconds it is to be paid; none for no end to it.
    pay_s       bigint check (pay_s between 1 and 4294967295),
    status      varchar(20) not null check (status in ('unpaid', 'paid', 'refunding', 'refund', 'partrefund', 'cancelled')),
    unique (application, order_id),
    key orders_by_owner (owner),
    key orders_unpaid (status, created_us)
) engine = InnoDB default character set ascii collate ascii_bin;

create table if not exists order_items (
    order_number bigint not null,
    position     bigint not null check (position >= 0),
    item         varbinary(255) not null check (item <> ''),
    weight       varchar(40) not null check (weight regexp '^[0-9]+([.][0-9]+)?$'),
    status       varchar(20) not null check (status in ('pending', 'delivered', 'undelivered')),
    -- What gave its part back (R-W17).
    refund       bigint,
    check (refund is null or status <> 'delivered'),
    primary key (order_number, position),
    unique (order_number, item),
    foreign key (order_number) references orders (id),
    foreign key (refund) references refunds (id)
) engine = InnoDB default character set ascii collate ascii_bin;

-- Who did what to an order or to an item of it, when and why; the first row is how it began.
create table if not exists order_steps (
    id           bigint not null auto_increment primary key,
    order_number bigint not null,
    item         bigint,
    at_us        bigint not null,
    actor        varbinary(255) not null,
    reason       text character set utf8mb4 not null,
    event        varchar(20),
    check ((event is null) = (state_before is null)),
    state_before varchar(20),
    state_after  varchar(20) not null,
    foreign key (order_number) references orders (id),
    key order_steps_by_order (order_number)
) engine = InnoDB default character set ascii collate ascii_bin;

create table if not exists plans (
    id          bigint not null auto_increment primary key,
    application varbinary(255) not null check (application <> ''),
    plan        varbinary(255) not null check (plan <> ''),
    owner       varbinary(261) not null check (owner like 'user:%' or owner like 'group:%'),
    unit        varbinary(255) not null,
    currency    char(3) not null check (currency regexp '^[A-Z]{3}$'),
    -- What a cycle costs.
    price       varchar(40) not null check (price regexp '^[0-9]+([.][0-9]+)?$'),
    cycle       varchar(20) not null check (cycle in ('monthly', 'quarterly', 'yearly')),
    zone        varbinary(64) not null,
    start_us    bigint not null,
    auto_renew  bigint not null check (auto_renew in (0, 1)),
    state       varchar(20) not null check (state in ('pending', 'consuming', 'ending', 'ended')),
    renewals    bigint not null check (renewals between 0 and 4294967295),
    -- How often the next renewal was refused, and when the owner was last warned.
    retries     bigint not null check (retries between 0 and 4294967295),
    warned_us   bigint,
    unique (application, plan),
    key plans_by_state (application, state)
) engine = InnoDB default character set ascii collate ascii_bin;

-- Who did what to a plan, when and why; the first row is how it began.
create table if not exists plan_steps (
    id             bigint not null auto_increment primary key,
    plan           bigint not null,
    at_us          bigint not null,
    actor          varbinary(255) not null,
    reason         text character set utf8mb4 not null,
    event          varchar(20),
    check (event in ('start', 'renew', 'refuse', 'warn', 'end') and (event is null) = (state_before is null)),
    state_before   varchar(20),
    state_after    varchar(20) not null,
    renewals_after bigint not null,
    -- What paid the cycle that it begins.
    payment        bigint unique,
    check ((payment is not null) = (event in ('start', 'renew'))),
    foreign key (plan) references plans (id),
    foreign key (payment) references payments (id),
    key plan_steps_by_plan (plan)
) engine = InnoDB default character set ascii collate ascii_bin;

-- Address ranges with their lives (R-I12), and supernets to look at them by (R-I11). docs/decisions/0007-addresses-in-sql.md
--
-- An address is 16 bytes, the most significant first, of both families: bytes compare as the addresses do.

create table if not exists supernets (
    id            bigint not null auto_increment primary key,
    supernet_id   varbinary(255) not null unique check (supernet_id <> ''),
    family        varchar(20) not null check (family in ('ipv4', 'ipv6')),
    first_address varbinary(16) not null check (octet_length(first_address) = 16),
    last_address  varbinary(16) not null,
    check (octet_length(last_address) = 16 and last_address >= first_address),
    length        bigint not null,
    check (length between 0 and case family when 'ipv4' then 32 else 128 end),
    check (family <> 'ipv4' or last_address <= x'000000000000000000000000ffffffff'),
    unique (family, first_address)
) engine = InnoDB default character set ascii collate ascii_bin;

-- The rows as they stand. What became of one, and what of its addresses was before, is in the records.
create table if not exists ranges (
    id            bigint not null auto_increment primary key,
    range_id      varbinary(255) not null unique check (range_id <> ''),
    family        varchar(20) not null check (family in ('ipv4', 'ipv6')),
    first_address varbinary(16) not null check (octet_length(first_address) = 16),
    last_address  varbinary(16) not null,
    check (octet_length(last_address) = 16 and last_address >= first_address),
    length        bigint not null,
    check (length between 0 and case family when 'ipv4' then 32 else 128 end),
    status        varchar(20) not null check (status in ('wait', 'reserved', 'assigned')),
    asn           bigint check (asn between 0 and 4294967295),
    owner         varbinary(255),
    check (owner <> '' and (owner is null) = (status = 'wait')),
    check (family <> 'ipv4' or last_address <= x'000000000000000000000000ffffffff'),
    unique (family, first_address),
    key ranges_by_owner (owner, family, first_address)
) engine = InnoDB default character set ascii collate ascii_bin;

-- What was done, by whom, when and why; one for each request that changed something.
create table if not exists range_records (
    id         bigint not null auto_increment primary key,
    request_id varbinary(255) not null unique check (request_id <> ''),
    family     varchar(20) not null check (family in ('ipv4', 'ipv6')),
    action     varchar(20) not null check (action in ('add', 'reserve', 'assign', 'recover', 'split', 'merge', 'change', 'delete')),
    -- What was asked for, so that the same request is known again.
    asked      longtext character set utf8mb4 not null check (json_valid(asked)),
    remark     text character set utf8mb4 not null check (length(remark) <= 255),
    actor      varbinary(255) not null,
    at_us      bigint not null
) engine = InnoDB default character set ascii collate ascii_bin;

-- The rows before and after it.
create table if not exists range_record_rows (
    record        bigint not null,
    side          varchar(20) not null check (side in ('before', 'after')),
    position      bigint not null check (position >= 0),
    range_id      varbinary(255) not null check (range_id <> ''),
    first_address varbinary(16) not null check (octet_length(first_address) = 16),
    last_address  varbinary(16) not null,
    check (octet_length(last_address) = 16 and last_address >= first_address),
    length        bigint not null check (length between 0 and 128),
    status        varchar(20) not null check (status in ('wait', 'reserved', 'assigned')),
    asn           bigint check (asn between 0 and 4294967295),
    owner         varbinary(255),
    check (owner <> '' and (owner is null) = (status = 'wait')),
    primary key (record, side, position),
    foreign key (record) references range_records (id),
    key range_record_rows_by_range (range_id, side)
) engine = InnoDB default character set ascii collate ascii_bin;

drop trigger if exists rate_cards_stay;
create trigger rate_cards_stay before update on rate_cards for each row
    signal sqlstate '45000' set message_text = 'a rate card is never edited: add a revision';
drop trigger if exists rate_cards_are_kept;
create trigger rate_cards_are_kept before delete on rate_cards for each row
    signal sqlstate '45000' set message_text = 'a rate card is never removed';
drop trigger if exists readings_stay;
create trigger readings_stay before update on readings for each row
    signal sqlstate '45000' set message_text = 'a reading is never edited: add a version';
drop trigger if exists readings_are_kept;
create trigger readings_are_kept before delete on readings for each row
    signal sqlstate '45000' set message_text = 'a reading is never removed';
drop trigger if exists statement_lines_stay;
create trigger statement_lines_stay before update on statement_lines for each row
    signal sqlstate '45000' set message_text = 'a statement is never edited: add a correction';
drop trigger if exists statement_lines_are_kept;
create trigger statement_lines_are_kept before delete on statement_lines for each row
    signal sqlstate '45000' set message_text = 'a statement is never removed';
drop trigger if exists statements_stay;
create trigger statements_stay before update on statements for each row
begin
    if not (new.id <=> old.id and new.statement <=> old.statement and new.date <=> old.date and new.zone <=> old.zone and new.owner <=> old.owner and new.unit <=> old.unit and new.kind <=> old.kind and new.sequence <=> old.sequence and new.currency <=> old.currency and new.original <=> old.original and new.payable <=> old.payable) then
        signal sqlstate '45000' set message_text = 'a statement is never edited: add a correction';
    end if;
end;
drop trigger if exists statements_are_settled_once;
create trigger statements_are_settled_once before update on statements for each row
begin
    if not (new.status <=> old.status and new.payment <=> old.payment) and old.status <> 'unpaid' then
        signal sqlstate '45000' set message_text = 'only an unpaid statement may be paid or cancelled';
    end if;
end;
drop trigger if exists statements_are_kept;
create trigger statements_are_kept before delete on statements for each row
    signal sqlstate '45000' set message_text = 'a statement is never removed';
drop trigger if exists payments_stay;
create trigger payments_stay before update on payments for each row
    signal sqlstate '45000' set message_text = 'a payment is never edited';
drop trigger if exists payments_are_kept;
create trigger payments_are_kept before delete on payments for each row
    signal sqlstate '45000' set message_text = 'a payment is never removed';
drop trigger if exists legs_stay;
create trigger legs_stay before update on legs for each row
    signal sqlstate '45000' set message_text = 'a payment is never edited';
drop trigger if exists legs_are_kept;
create trigger legs_are_kept before delete on legs for each row
    signal sqlstate '45000' set message_text = 'a payment is never removed';
drop trigger if exists top_ups_stay;
create trigger top_ups_stay before update on top_ups for each row
    signal sqlstate '45000' set message_text = 'a top-up is never edited';
drop trigger if exists top_ups_are_kept;
create trigger top_ups_are_kept before delete on top_ups for each row
    signal sqlstate '45000' set message_text = 'a top-up is never removed';
drop trigger if exists refunds_stay;
create trigger refunds_stay before update on refunds for each row
begin
    if not (new.id <=> old.id and new.application <=> old.application and new.refund <=> old.refund and new.payment <=> old.payment and new.currency <=> old.currency and new.amount <=> old.amount and new.fee <=> old.fee and new.step <=> old.step and new.returned <=> old.returned and new.give_back <=> old.give_back and new.give_until_us <=> old.give_until_us and new.correction <=> old.correction) then
        signal sqlstate '45000' set message_text = 'a refund is never edited';
    end if;
end;
drop trigger if exists refunds_go_on;
create trigger refunds_go_on before update on refunds for each row
begin
    if not (new.state <=> old.state) and (old.state, new.state) not in (('wait', 'success'), ('wait', 'error'), ('wait', 'closed'), ('error', 'wait'), ('error', 'closed')) then
        signal sqlstate '45000' set message_text = 'a refund that is carried out or closed never changes';
    end if;
end;
drop trigger if exists refunds_are_kept;
create trigger refunds_are_kept before delete on refunds for each row
    signal sqlstate '45000' set message_text = 'a refund is never removed';
drop trigger if exists refund_legs_stay;
create trigger refund_legs_stay before update on refund_legs for each row
    signal sqlstate '45000' set message_text = 'a refund is never edited';
drop trigger if exists refund_legs_are_kept;
create trigger refund_legs_are_kept before delete on refund_legs for each row
    signal sqlstate '45000' set message_text = 'a refund is never removed';
drop trigger if exists refund_steps_stay;
create trigger refund_steps_stay before update on refund_steps for each row
    signal sqlstate '45000' set message_text = 'the history of a refund is never edited';
drop trigger if exists refund_steps_are_kept;
create trigger refund_steps_are_kept before delete on refund_steps for each row
    signal sqlstate '45000' set message_text = 'the history of a refund is never removed';
drop trigger if exists settled_with_stays;
create trigger settled_with_stays before update on settled_with for each row
    signal sqlstate '45000' set message_text = 'what settled a statement is never edited';
drop trigger if exists settled_with_is_kept;
create trigger settled_with_is_kept before delete on settled_with for each row
    signal sqlstate '45000' set message_text = 'what settled a statement is never removed';
drop trigger if exists entries_stay;
create trigger entries_stay before update on entries for each row
    signal sqlstate '45000' set message_text = 'an entry of an account is never edited';
drop trigger if exists entries_are_kept;
create trigger entries_are_kept before delete on entries for each row
    signal sqlstate '45000' set message_text = 'an entry of an account is never removed';
drop trigger if exists accounts_stay;
create trigger accounts_stay before update on accounts for each row
begin
    if not (new.owner <=> old.owner and new.currency <=> old.currency and new.opening <=> old.opening and new.opening_debt <=> old.opening_debt) then
        signal sqlstate '45000' set message_text = 'what an account was opened with is never edited: top it up';
    end if;
end;
drop trigger if exists accounts_are_kept;
create trigger accounts_are_kept before delete on accounts for each row
    signal sqlstate '45000' set message_text = 'an account is never removed';
drop trigger if exists coupons_stay;
create trigger coupons_stay before update on coupons for each row
begin
    if not (new.coupon <=> old.coupon and new.currency <=> old.currency and new.face_value <=> old.face_value and new.opening <=> old.opening and new.effective_us <=> old.effective_us and new.created_us <=> old.created_us and new.unit <=> old.unit and new.scope_order <=> old.scope_order and new.category <=> old.category) then
        signal sqlstate '45000' set message_text = 'what a coupon was issued as is never edited: cancel it';
    end if;
end;
drop trigger if exists coupons_are_kept;
create trigger coupons_are_kept before delete on coupons for each row
    signal sqlstate '45000' set message_text = 'a coupon is never removed: cancel it';
drop trigger if exists coupon_codes_stay;
create trigger coupon_codes_stay before update on coupon_codes for each row
    signal sqlstate '45000' set message_text = 'a code is never edited';
drop trigger if exists coupon_codes_are_kept;
create trigger coupon_codes_are_kept before delete on coupon_codes for each row
    signal sqlstate '45000' set message_text = 'a code is never removed';
drop trigger if exists coupon_changes_stay;
create trigger coupon_changes_stay before update on coupon_changes for each row
    signal sqlstate '45000' set message_text = 'the history of a coupon is never edited';
drop trigger if exists coupon_changes_are_kept;
create trigger coupon_changes_are_kept before delete on coupon_changes for each row
    signal sqlstate '45000' set message_text = 'the history of a coupon is never removed';
drop trigger if exists withdrawals_stay;
create trigger withdrawals_stay before update on withdrawals for each row
    signal sqlstate '45000' set message_text = 'a withdrawal is never edited';
drop trigger if exists withdrawals_are_kept;
create trigger withdrawals_are_kept before delete on withdrawals for each row
    signal sqlstate '45000' set message_text = 'a withdrawal is never removed';
drop trigger if exists locks_stay;
create trigger locks_stay before update on locks for each row
begin
    if not (new.id <=> old.id and new.application <=> old.application and new.order_id <=> old.order_id and new.unit <=> old.unit and new.payer <=> old.payer and new.currency <=> old.currency and new.amount <=> old.amount and new.coupons <=> old.coupons and new.funding <=> old.funding and new.overdraft <=> old.overdraft and new.made_us <=> old.made_us and new.expires_us <=> old.expires_us) then
        signal sqlstate '45000' set message_text = 'a lock is never edited';
    end if;
end;
drop trigger if exists locks_end_once;
create trigger locks_end_once before update on locks for each row
begin
    if not (new.status <=> old.status and new.ended_us <=> old.ended_us and new.payment <=> old.payment) and old.status <> 'authorised' then
        signal sqlstate '45000' set message_text = 'a lock that has ended never changes';
    end if;
end;
drop trigger if exists locks_are_kept;
create trigger locks_are_kept before delete on locks for each row
    signal sqlstate '45000' set message_text = 'a lock is never removed: void it';
drop trigger if exists lock_legs_stay;
create trigger lock_legs_stay before update on lock_legs for each row
    signal sqlstate '45000' set message_text = 'a lock is never edited';
drop trigger if exists lock_legs_are_kept;
create trigger lock_legs_are_kept before delete on lock_legs for each row
    signal sqlstate '45000' set message_text = 'a lock is never removed: void it';
drop trigger if exists orders_stay;
create trigger orders_stay before update on orders for each row
begin
    if not (new.id <=> old.id and new.application <=> old.application and new.order_id <=> old.order_id and new.order_type <=> old.order_type and new.owner <=> old.owner and new.unit <=> old.unit and new.currency <=> old.currency and new.amount <=> old.amount and new.step <=> old.step and new.created_us <=> old.created_us and new.pay_s <=> old.pay_s) then
        signal sqlstate '45000' set message_text = 'an order is never edited';
    end if;
end;
drop trigger if exists orders_go_on;
create trigger orders_go_on before update on orders for each row
begin
    if not (new.status <=> old.status) and old.status in ('cancelled', 'refund') then
        signal sqlstate '45000' set message_text = 'an order that is over never changes';
    end if;
end;
drop trigger if exists orders_are_kept;
create trigger orders_are_kept before delete on orders for each row
    signal sqlstate '45000' set message_text = 'an order is never removed: cancel it';
drop trigger if exists order_items_stay;
create trigger order_items_stay before update on order_items for each row
begin
    if not (new.order_number <=> old.order_number and new.position <=> old.position and new.item <=> old.item and new.weight <=> old.weight) then
        signal sqlstate '45000' set message_text = 'an item is never edited';
    end if;
end;
drop trigger if exists order_items_settle_once;
create trigger order_items_settle_once before update on order_items for each row
begin
    if not (new.status <=> old.status) and old.status <> 'pending' then
        signal sqlstate '45000' set message_text = 'an item that is settled never changes';
    end if;
end;
drop trigger if exists order_items_are_refunded_once;
create trigger order_items_are_refunded_once before update on order_items for each row
begin
    if not (new.refund <=> old.refund) and old.refund is not null then
        signal sqlstate '45000' set message_text = 'an item that was refunded never changes';
    end if;
end;
drop trigger if exists order_items_are_kept;
create trigger order_items_are_kept before delete on order_items for each row
    signal sqlstate '45000' set message_text = 'an item is never removed';
drop trigger if exists order_steps_stay;
create trigger order_steps_stay before update on order_steps for each row
    signal sqlstate '45000' set message_text = 'the history of an order is never edited';
drop trigger if exists order_steps_are_kept;
create trigger order_steps_are_kept before delete on order_steps for each row
    signal sqlstate '45000' set message_text = 'the history of an order is never removed';
drop trigger if exists plans_stay;
create trigger plans_stay before update on plans for each row
begin
    if not (new.id <=> old.id and new.application <=> old.application and new.plan <=> old.plan and new.owner <=> old.owner and new.unit <=> old.unit and new.currency <=> old.currency and new.price <=> old.price and new.cycle <=> old.cycle and new.zone <=> old.zone and new.start_us <=> old.start_us) then
        signal sqlstate '45000' set message_text = 'a plan is never edited';
    end if;
end;
drop trigger if exists plans_go_on;
create trigger plans_go_on before update on plans for each row
begin
    if not (new.state <=> old.state and new.renewals <=> old.renewals) and (old.state = 'ended' or new.renewals < old.renewals) then
        signal sqlstate '45000' set message_text = 'a plan that has ended never changes, and what was renewed stays so';
    end if;
end;
drop trigger if exists plans_are_kept;
create trigger plans_are_kept before delete on plans for each row
    signal sqlstate '45000' set message_text = 'a plan is never removed: end it';
drop trigger if exists plan_steps_stay;
create trigger plan_steps_stay before update on plan_steps for each row
    signal sqlstate '45000' set message_text = 'the history of a plan is never edited';
drop trigger if exists plan_steps_are_kept;
create trigger plan_steps_are_kept before delete on plan_steps for each row
    signal sqlstate '45000' set message_text = 'the history of a plan is never removed';
drop trigger if exists ranges_keep_their_names;
create trigger ranges_keep_their_names before update on ranges for each row
begin
    if not (new.id <=> old.id and new.range_id <=> old.range_id and new.family <=> old.family) then
        signal sqlstate '45000' set message_text = 'a range never gets another name';
    end if;
end;
drop trigger if exists ranges_go_when_they_wait;
create trigger ranges_go_when_they_wait before delete on ranges for each row
begin
    if old.status = 'assigned' then
        signal sqlstate '45000' set message_text = 'a range that is assigned is never removed: recover it';
    end if;
end;
drop trigger if exists supernets_stay;
create trigger supernets_stay before update on supernets for each row
    signal sqlstate '45000' set message_text = 'a supernet is never edited';
drop trigger if exists range_records_stay;
create trigger range_records_stay before update on range_records for each row
    signal sqlstate '45000' set message_text = 'the history of a range is never edited';
drop trigger if exists range_records_are_kept;
create trigger range_records_are_kept before delete on range_records for each row
    signal sqlstate '45000' set message_text = 'the history of a range is never removed';
drop trigger if exists range_record_rows_stay;
create trigger range_record_rows_stay before update on range_record_rows for each row
    signal sqlstate '45000' set message_text = 'the history of a range is never edited';
drop trigger if exists range_record_rows_are_kept;
create trigger range_record_rows_are_kept before delete on range_record_rows for each row
    signal sqlstate '45000' set message_text = 'the history of a range is never removed';

-- Rows share no address. They do not so far, so only the last one that begins before the end of a new one can.
drop trigger if exists ranges_are_apart;
create trigger ranges_are_apart before insert on ranges for each row
begin
    if (select last_address from ranges where family = new.family and first_address <= new.last_address
        order by first_address desc limit 1) >= new.first_address then
        signal sqlstate '45000' set message_text = 'an address is never in two ranges';
    end if;
end;
drop trigger if exists ranges_stay_apart;
create trigger ranges_stay_apart before update on ranges for each row
begin
    if (select last_address from ranges where family = new.family and first_address <= new.last_address and id <> new.id
        order by first_address desc limit 1) >= new.first_address then
        signal sqlstate '45000' set message_text = 'an address is never in two ranges';
    end if;
end;
drop trigger if exists supernets_are_apart;
create trigger supernets_are_apart before insert on supernets for each row
begin
    if (select last_address from supernets where family = new.family and first_address <= new.last_address
        order by first_address desc limit 1) >= new.first_address then
        signal sqlstate '45000' set message_text = 'an address is never in two supernets';
    end if;
end;
