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

-- What is given back of a payment (R-W14 … R-W19). Its id is one within its application.
create table refunds (
    id            integer primary key,
    application   text not null,
    refund        text not null check (refund <> ''),
    payment       integer not null references payments (id),
    currency      text not null check (currency glob '[A-Z][A-Z][A-Z]'),
    -- How much of the payment is undone, and what of that is kept.
    amount        text not null check (amount glob '[0-9]*' and amount not glob '*[^0-9.]*'),
    fee           text not null check (fee glob '[0-9]*' and fee not glob '*[^0-9.]*'),
    step          text not null check (step glob '[0-9]*' and step not glob '*[^0-9.]*'),
    returned      text not null check (returned in ('proportional', 'reverse_deduction', 'paid_first', 'free_first')),
    give_back     text not null check (give_back in ('same_coupon', 'same_coupon_until', 'balance_if_expired', 'balance',
                                                     'recorded_only', 'not_coupons')),
    give_until_us integer check ((give_until_us is not null) = (give_back = 'same_coupon_until')),
    state         text not null check (state in ('wait', 'success', 'error', 'closed')),
    -- The correction that it settles (R-S2).
    correction    integer references statements (id),
    unique (application, refund)
) strict;

create index refunds_by_payment on refunds (payment);
create index refunds_by_correction on refunds (correction) where correction is not null;

-- What of each source is given back, and where it goes.
create table refund_legs (
    refund      integer not null references refunds (id),
    position    integer not null check (position >= 0),
    source      text not null check (source in ('coupon', 'balance', 'debt')),
    coupon      text references coupons (coupon) check ((source = 'coupon') = (coupon is not null)),
    amount      text not null check (amount glob '[0-9]*' and amount not glob '*[^0-9.]*'),
    destination text not null check (destination in ('source', 'source_until', 'balance', 'recorded')),
    primary key (refund, position)
) strict, without rowid;

-- How a refund came to its state; the first row is how it began.
create table refund_steps (
    refund       integer not null references refunds (id),
    position     integer not null check (position >= 0),
    at_us        integer not null,
    event        text check (event in ('succeed', 'fail', 'retry', 'close') and (event is null) = (state_before is null)),
    state_before text,
    state_after  text not null,
    primary key (refund, position)
) strict, without rowid;

-- Open statements of a group are settled together (R-S2): this one with that one, which has the payment or the refunds.
create table settled_with (
    statement integer primary key references statements (id),
    leader    integer not null references statements (id) check (leader <> statement)
) strict;

create index settled_with_leader on settled_with (leader);

create table entries (
    id         integer primary key,
    source     text not null check (source in ('balance', 'debt', 'coupon')),
    account    text references accounts (owner) check ((source = 'coupon') = (account is null)),
    coupon     text references coupons (coupon) check ((source = 'coupon') = (coupon is not null)),
    -- The one cause, and which leg of it this is.
    payment    integer references payments (id),
    top_up     integer references top_ups (id),
    refund     integer references refunds (id),
    position   integer not null check (position >= 0),
    delta      text not null check (ltrim(delta, '-') glob '[0-9]*' and delta not glob '*[^0-9.-]*'),
    held_after text not null check (ltrim(held_after, '-') glob '[0-9]*' and held_after not glob '*[^0-9.-]*'),
    check ((payment is not null) + (top_up is not null) + (refund is not null) = 1),
    unique (payment, position),
    unique (top_up, position),
    unique (refund, position)
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
    change               text not null check (change in ('redeem', 'cancel', 'extend')),
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
create trigger refunds_stay before update of
    id, application, refund, payment, currency, amount, fee, step, returned, give_back, give_until_us, correction on refunds
begin select raise(abort, 'a refund is never edited'); end;
create trigger refunds_go_on before update of state on refunds
when (old.state, new.state) not in (values ('wait', 'success'), ('wait', 'error'), ('wait', 'closed'), ('error', 'wait'),
                                           ('error', 'closed'))
begin select raise(abort, 'a refund that is carried out or closed never changes'); end;
create trigger refunds_are_kept before delete on refunds
begin select raise(abort, 'a refund is never removed'); end;
create trigger refund_legs_stay before update on refund_legs
begin select raise(abort, 'a refund is never edited'); end;
create trigger refund_legs_are_kept before delete on refund_legs
begin select raise(abort, 'a refund is never removed'); end;
create trigger refund_steps_stay before update on refund_steps
begin select raise(abort, 'the history of a refund is never edited'); end;
create trigger refund_steps_are_kept before delete on refund_steps
begin select raise(abort, 'the history of a refund is never removed'); end;
create trigger settled_with_stays before update on settled_with
begin select raise(abort, 'what settled a statement is never edited'); end;
create trigger settled_with_is_kept before delete on settled_with
begin select raise(abort, 'what settled a statement is never removed'); end;
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
