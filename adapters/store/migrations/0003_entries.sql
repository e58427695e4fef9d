-- Every change of money has one cause (docs/decisions/0006-one-ledger.md): payments did already, and what is topped up,
-- redeemed and given back does now. An entry is of an account or of a coupon, and of one leg of its cause.

-- What was put on an account.
create table top_ups (
    id       integer primary key,
    top_up   text not null unique check (top_up <> ''),
    account  text not null references accounts (owner),
    currency text not null check (currency glob '[A-Z][A-Z][A-Z]'),
    amount   text not null check (amount glob '[0-9]*' and amount not glob '*[^0-9.]*'),
    at_us    integer not null
) strict;

create index top_ups_by_account on top_ups (account);

create table entries (
    id         integer primary key,
    source     text not null check (source in ('balance', 'debt', 'coupon')),
    account    text references accounts (owner) check ((source = 'coupon') = (account is null)),
    coupon     text references coupons (coupon) check ((source = 'coupon') = (coupon is not null)),
    -- The one cause, and which leg of it this is.
    payment    integer references payments (id),
    top_up     integer references top_ups (id),
    position   integer not null check (position >= 0),
    delta      text not null check (ltrim(delta, '-') glob '[0-9]*' and delta not glob '*[^0-9.-]*'),
    held_after text not null check (ltrim(held_after, '-') glob '[0-9]*' and held_after not glob '*[^0-9.-]*'),
    check ((payment is not null) + (top_up is not null) = 1),
    unique (payment, position),
    unique (top_up, position)
) strict;

create index entries_by_account on entries (account, source) where account is not null;
create index entries_by_coupon on entries (coupon) where coupon is not null;

-- What payments did to accounts, as it was written; and to coupons, as their legs say. Each source keeps its order.
insert into entries (source, account, coupon, payment, position, delta, held_after)
select source, account, coupon, payment, position, delta, held_after from (
    select e.book as source, e.owner as account, null as coupon, e.payment, coalesce(l.position, 1000000 + e.id) as position,
           e.delta, e.held_after
    from account_entries e left join legs l on l.payment = e.payment and l.source = e.book
    union all
    select 'coupon', null, coupon, payment, position, '-' || amount, held_after from legs where source = 'coupon'
) order by payment, position;

drop table account_entries;

-- What a coupon's code must come to: SHA-256 of the id and the code. The code itself is as good as money.
create table coupon_codes (
    coupon text primary key references coupons (coupon),
    digest blob not null check (length(digest) = 32)
) strict, without rowid;

-- What became of a coupon since it was taken in, besides its balance.
create table coupon_changes (
    id                   integer primary key,
    coupon               text not null references coupons (coupon),
    change               text not null check (change in ('redeem', 'cancel')),
    at_us                integer not null,
    status_before        text not null,
    status_after         text not null,
    owner_before         text,
    owner_after          text,
    expiration_before_us integer not null,
    expiration_after_us  integer not null
) strict;

create index coupon_changes_by_coupon on coupon_changes (coupon);
-- A coupon is redeemed once, and cancelled once.
create unique index coupons_change_once on coupon_changes (coupon, change) where change in ('redeem', 'cancel');

-- Readings that are no more and cost nothing: no statement takes them back.
create table withdrawals (
    reading integer primary key references readings (id)
) strict;

create trigger top_ups_stay before update on top_ups
begin select raise(abort, 'a top-up is never edited'); end;
create trigger top_ups_are_kept before delete on top_ups
begin select raise(abort, 'a top-up is never removed'); end;
create trigger entries_stay before update on entries
begin select raise(abort, 'an entry of an account is never edited'); end;
create trigger entries_are_kept before delete on entries
begin select raise(abort, 'an entry of an account is never removed'); end;
create trigger accounts_stay before update of owner, currency, opening, opening_debt on accounts
begin select raise(abort, 'what an account was opened with is never edited: top it up'); end;
create trigger accounts_are_kept before delete on accounts
begin select raise(abort, 'an account is never removed'); end;
create trigger coupons_stay before update of
    coupon, currency, face_value, opening, effective_us, created_us, unit, scope_order, category on coupons
begin select raise(abort, 'what a coupon was issued as is never edited: cancel it'); end;
create trigger coupons_are_kept before delete on coupons
begin select raise(abort, 'a coupon is never removed: cancel it'); end;
create trigger coupon_codes_stay before update on coupon_codes
begin select raise(abort, 'a code is never edited'); end;
create trigger coupon_codes_are_kept before delete on coupon_codes
begin select raise(abort, 'a code is never removed'); end;
create trigger coupon_changes_stay before update on coupon_changes
begin select raise(abort, 'the history of a coupon is never edited'); end;
create trigger coupon_changes_are_kept before delete on coupon_changes
begin select raise(abort, 'the history of a coupon is never removed'); end;
create trigger withdrawals_stay before update on withdrawals
begin select raise(abort, 'a withdrawal is never edited'); end;
create trigger withdrawals_are_kept before delete on withdrawals
begin select raise(abort, 'a withdrawal is never removed'); end;
