-- Money that is set aside for orders which are not paid yet (R-W12).

create table locks (
    id          integer primary key,
    -- What is to be paid; one lock for each order of an application.
    application text not null check (application <> ''),
    order_id    text not null check (order_id <> ''),
    unit        text not null,
    payer       text not null references accounts (owner),
    currency    text not null check (currency glob '[A-Z][A-Z][A-Z]'),
    amount      text not null check (amount glob '[0-9]*' and amount not glob '*[^0-9.]*'),
    coupons     text check (json_valid(coupons)),
    funding     text not null check (funding in ('coupons_only', 'enough_funds', 'overdraft', 'debt')),
    overdraft   text check (overdraft is null or funding = 'overdraft'),
    made_us     integer not null,
    -- The last instant at which it holds.
    expires_us  integer not null check (expires_us > made_us),
    status      text not null check (status in ('authorised', 'captured', 'voided', 'expired')),
    ended_us    integer check ((ended_us is null) = (status = 'authorised')),
    -- What was captured is what was paid.
    payment     integer unique references payments (id) check ((payment is not null) = (status = 'captured')),
    unique (application, order_id)
) strict;

create index locks_by_payer on locks (payer, status);
create index locks_by_expiration on locks (expires_us) where status = 'authorised';

-- What it holds of each source, and what the source held when it was made.
create table lock_legs (
    lock        integer not null references locks (id),
    position    integer not null check (position >= 0),
    source      text not null check (source in ('coupon', 'balance')),
    coupon      text references coupons (coupon) check ((source = 'coupon') = (coupon is not null)),
    amount      text not null check (amount glob '[0-9]*' and amount not glob '*[^0-9.]*'),
    held_before text not null check (held_before glob '[0-9]*' and held_before not glob '*[^0-9.]*'),
    held_after  text not null check (held_after glob '[0-9]*' and held_after not glob '*[^0-9.]*'),
    primary key (lock, position)
) strict, without rowid;

create trigger locks_stay before update of
    id, application, order_id, unit, payer, currency, amount, coupons, funding, overdraft, made_us, expires_us on locks
begin select raise(abort, 'a lock is never edited'); end;
create trigger locks_end_once before update of status, ended_us, payment on locks when old.status <> 'authorised'
begin select raise(abort, 'a lock that has ended never changes'); end;
create trigger locks_are_kept before delete on locks
begin select raise(abort, 'a lock is never removed: void it'); end;
create trigger lock_legs_stay before update on lock_legs
begin select raise(abort, 'a lock is never edited'); end;
create trigger lock_legs_are_kept before delete on lock_legs
begin select raise(abort, 'a lock is never removed: void it'); end;
