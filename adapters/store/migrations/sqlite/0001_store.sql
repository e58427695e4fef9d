-- The store of Counterfoil in SQLite (docs/decisions/0004-money-in-sqlite.md).
--
-- Amounts are decimals as text, so that no digit is lost or made up: never REAL, never summed in SQL.
-- Instants are whole microseconds since 1970-01-01T00:00:00Z. An owner is `user:` or `group:` and an id.
-- What was metered, stated or paid is written once; the triggers at the end refuse to edit it.

-- Which application a settlement unit belongs to (R-W7a).
create table service_units (
    unit        text primary key check (unit <> ''),
    application text not null check (application <> '')
) strict, without rowid;

create table rate_cards (
    revision text primary key,
    currency text not null check (currency glob '[A-Z][A-Z][A-Z]'),
    source   text not null,
    -- SHA-256 of the source, so that a card that was edited by hand is noticed.
    digest   blob not null check (length(digest) = 32)
) strict, without rowid;

create table resources (
    id       integer primary key,
    resource text not null unique,
    kind     text not null,
    owner    text not null check (owner glob 'user:*' or owner glob 'group:*'),
    unit     text not null
) strict;

create table spans (
    resource integer not null references resources (id) on delete cascade,
    position integer not null check (position >= 0),
    start_us integer not null,
    end_us   integer check (end_us >= start_us),
    mode     text not null check (mode in ('post_paid', 'pre_paid', 'quota')),
    -- [[dimension, model, amount, unit], …]
    spec     text not null check (json_valid(spec)),
    primary key (resource, position)
) strict, without rowid;

-- The usage of a resource in a window, with its amounts. A correction is a further version (R-U6).
create table readings (
    id       integer primary key,
    resource text not null,
    start_us integer not null,
    end_us   integer not null check (end_us >= start_us),
    version  integer not null check (version >= 0),
    owner    text not null check (owner glob 'user:*' or owner glob 'group:*'),
    unit     text not null,
    kind     text not null,
    revision text not null references rate_cards (revision),
    -- [[dimension, model, unit, measure, used, payable], …]
    usage    text not null check (json_valid(usage)),
    currency text not null check (currency glob '[A-Z][A-Z][A-Z]'),
    original text not null check (ltrim(original, '-') glob '[0-9]*' and original not glob '*[^0-9.-]*'),
    payable  text not null check (ltrim(payable, '-') glob '[0-9]*' and payable not glob '*[^0-9.-]*'),
    -- By day first: the readings of a day stand together.
    unique (start_us, end_us, resource, version)
) strict;

create index readings_by_owner on readings (owner, start_us, end_us);

create table payments (
    id          integer primary key,
    application text not null check (application <> ''),
    order_id    text not null check (order_id <> ''),
    unit        text not null,
    payer       text not null check (payer glob 'user:*' or payer glob 'group:*'),
    currency    text not null check (currency glob '[A-Z][A-Z][A-Z]'),
    amount      text not null check (amount glob '[0-9]*' and amount not glob '*[^0-9.]*'),
    method      text not null check (method in ('coupon', 'balance', 'mixed')),
    -- The coupons that were named, as a list in JSON; none for the automatic choice.
    coupons     text check (json_valid(coupons)),
    funding     text not null check (funding in ('coupons_only', 'enough_funds', 'overdraft', 'debt')),
    -- How far below zero the balance may go; none for no end to it.
    overdraft   text check (overdraft is null or funding = 'overdraft'),
    paid_us     integer not null,
    -- One payment for each order of an application (R-W13).
    unique (application, order_id)
) strict;

-- What an owner is asked to pay for a day, by service unit and kind of resource (R-S1).
create table statements (
    id        integer primary key,
    statement text not null unique,
    date      text not null check (date glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    zone      text not null,
    owner     text not null check (owner glob 'user:*' or owner glob 'group:*'),
    unit      text not null,
    kind      text not null,
    sequence  integer not null check (sequence between 0 and 4294967295),
    currency  text not null check (currency glob '[A-Z][A-Z][A-Z]'),
    original  text not null check (ltrim(original, '-') glob '[0-9]*' and original not glob '*[^0-9.-]*'),
    payable   text not null check (ltrim(payable, '-') glob '[0-9]*' and payable not glob '*[^0-9.-]*'),
    status    text not null check (status in ('unpaid', 'paid', 'cancelled')),
    -- None for one that is paid because there was nothing to pay.
    payment   integer unique references payments (id) check (payment is null or status = 'paid'),
    unique (owner, date, zone, unit, kind, sequence)
) strict;

create index statements_by_date on statements (date, zone);

-- What a reading adds to a statement; in a correction, what it changes.
create table statement_lines (
    statement  integer not null references statements (id),
    position   integer not null check (position >= 0),
    reading    integer not null references readings (id),
    -- 1 where the line takes back what an earlier statement asked for this reading.
    taken_back integer not null check (taken_back in (0, 1)),
    original   text not null check (ltrim(original, '-') glob '[0-9]*' and original not glob '*[^0-9.-]*'),
    payable    text not null check (ltrim(payable, '-') glob '[0-9]*' and payable not glob '*[^0-9.-]*'),
    primary key (statement, position),
    -- A reading belongs to at most one statement, and is taken back at most once (R-S2).
    unique (reading, taken_back)
) strict, without rowid;

create table accounts (
    owner        text primary key check (owner glob 'user:*' or owner glob 'group:*'),
    currency     text not null check (currency glob '[A-Z][A-Z][A-Z]'),
    -- As the account was loaded, and as it stands.
    opening      text not null check (ltrim(opening, '-') glob '[0-9]*' and opening not glob '*[^0-9.-]*'),
    opening_debt text not null check (opening_debt glob '[0-9]*' and opening_debt not glob '*[^0-9.]*'),
    balance      text not null check (ltrim(balance, '-') glob '[0-9]*' and balance not glob '*[^0-9.-]*'),
    debt         text not null check (debt glob '[0-9]*' and debt not glob '*[^0-9.]*')
) strict, without rowid;

create table coupons (
    coupon        text primary key check (coupon <> ''),
    currency      text not null check (currency glob '[A-Z][A-Z][A-Z]'),
    face_value    text not null check (face_value glob '[0-9]*' and face_value not glob '*[^0-9.]*'),
    -- As the coupon was loaded, and as it stands.
    opening       text not null check (opening glob '[0-9]*' and opening not glob '*[^0-9.]*'),
    balance       text not null check (balance glob '[0-9]*' and balance not glob '*[^0-9.]*'),
    status        text not null check (status in ('wait', 'available', 'cancelled', 'deleted')),
    effective_us  integer not null,
    expiration_us integer not null,
    created_us    integer not null,
    owner         text check (owner glob 'user:*' or owner glob 'group:*'),
    unit          text,
    -- The one order that it pays for; none for anything of its unit.
    scope_order   text,
    category      text not null
) strict, without rowid;

create index coupons_by_owner on coupons (owner);

-- What a payment took from each source, in order (R-W8).
create table legs (
    payment     integer not null references payments (id),
    position    integer not null check (position >= 0),
    source      text not null check (source in ('coupon', 'balance', 'debt')),
    coupon      text references coupons (coupon) check ((source = 'coupon') = (coupon is not null)),
    amount      text not null check (amount glob '[0-9]*' and amount not glob '*[^0-9.]*'),
    held_before text not null check (ltrim(held_before, '-') glob '[0-9]*' and held_before not glob '*[^0-9.-]*'),
    held_after  text not null check (ltrim(held_after, '-') glob '[0-9]*' and held_after not glob '*[^0-9.-]*'),
    primary key (payment, position)
) strict, without rowid;

create index legs_by_coupon on legs (coupon) where coupon is not null;

-- Every change of an account, in order, so that its balance can be reconciled.
create table account_entries (
    id         integer primary key,
    owner      text not null references accounts (owner),
    book       text not null check (book in ('balance', 'debt')),
    payment    integer not null references payments (id),
    delta      text not null check (ltrim(delta, '-') glob '[0-9]*' and delta not glob '*[^0-9.-]*'),
    held_after text not null check (ltrim(held_after, '-') glob '[0-9]*' and held_after not glob '*[^0-9.-]*'),
    unique (payment, book)
) strict;

create index account_entries_by_owner on account_entries (owner, book);

create trigger rate_cards_stay before update on rate_cards
begin select raise(abort, 'a rate card is never edited: add a revision'); end;
create trigger rate_cards_are_kept before delete on rate_cards
begin select raise(abort, 'a rate card is never removed'); end;
create trigger readings_stay before update on readings
begin select raise(abort, 'a reading is never edited: add a version'); end;
create trigger readings_are_kept before delete on readings
begin select raise(abort, 'a reading is never removed'); end;
create trigger statement_lines_stay before update on statement_lines
begin select raise(abort, 'a statement is never edited: add a correction'); end;
create trigger statement_lines_are_kept before delete on statement_lines
begin select raise(abort, 'a statement is never removed'); end;
create trigger statements_stay before update of
    id, statement, date, zone, owner, unit, kind, sequence, currency, original, payable on statements
begin select raise(abort, 'a statement is never edited: add a correction'); end;
create trigger statements_are_settled_once before update of status, payment on statements
when old.status <> 'unpaid'
begin select raise(abort, 'only an unpaid statement may be paid or cancelled'); end;
create trigger statements_are_kept before delete on statements
begin select raise(abort, 'a statement is never removed'); end;
create trigger payments_stay before update on payments
begin select raise(abort, 'a payment is never edited'); end;
create trigger payments_are_kept before delete on payments
begin select raise(abort, 'a payment is never removed'); end;
create trigger legs_stay before update on legs
begin select raise(abort, 'a payment is never edited'); end;
create trigger legs_are_kept before delete on legs
begin select raise(abort, 'a payment is never removed'); end;
create trigger account_entries_stay before update on account_entries
begin select raise(abort, 'an entry of an account is never edited'); end;
create trigger account_entries_are_kept before delete on account_entries
begin select raise(abort, 'an entry of an account is never removed'); end;
