-- Orders with their items (R-O1), plans that are renewed in cycles (R-O2, R-O3), and how each came to its state.

create table orders (
    id          integer primary key,
    application text not null check (application <> ''),
    order_id    text not null check (order_id <> ''),
    order_type  text not null check (order_type in ('new', 'renewal', 'upgrade', 'downgrade', 'post2pre')),
    owner       text not null check (owner glob 'user:*' or owner glob 'group:*'),
    unit        text not null,
    currency    text not null check (currency glob '[A-Z][A-Z][A-Z]'),
    amount      text not null check (amount glob '[0-9]*' and amount not glob '*[^0-9.]*'),
    -- What the parts of the items are multiples of.
    step        text not null check (step glob '[0-9]*' and step not glob '*[^0-9.]*'),
    created_us  integer not null,
    -- Within how many seconds it is to be paid; none for no end to it.
    pay_s       integer check (pay_s between 1 and 4294967295),
    status      text not null check (status in ('unpaid', 'paid', 'refunding', 'refund', 'partrefund', 'cancelled')),
    unique (application, order_id)
) strict;

create index orders_by_owner on orders (owner);
create index orders_unpaid on orders (created_us) where status = 'unpaid';

create table order_items (
    order_number integer not null references orders (id),
    position     integer not null check (position >= 0),
    item         text not null check (item <> ''),
    weight       text not null check (weight glob '[0-9]*' and weight not glob '*[^0-9.]*'),
    status       text not null check (status in ('pending', 'delivered', 'undelivered')),
    -- What gave its part back (R-W17).
    refund       integer references refunds (id) check (refund is null or status <> 'delivered'),
    primary key (order_number, position),
    unique (order_number, item)
) strict, without rowid;

-- Who did what to an order or to an item of it, when and why; the first row is how it began.
create table order_steps (
    id           integer primary key,
    order_number integer not null references orders (id),
    item         integer,
    at_us        integer not null,
    actor        text not null,
    reason       text not null,
    event        text check ((event is null) = (state_before is null)),
    state_before text,
    state_after  text not null
) strict;

create index order_steps_by_order on order_steps (order_number);

create table plans (
    id          integer primary key,
    application text not null check (application <> ''),
    plan        text not null check (plan <> ''),
    owner       text not null check (owner glob 'user:*' or owner glob 'group:*'),
    unit        text not null,
    currency    text not null check (currency glob '[A-Z][A-Z][A-Z]'),
    -- What a cycle costs.
    price       text not null check (price glob '[0-9]*' and price not glob '*[^0-9.]*'),
    cycle       text not null check (cycle in ('monthly', 'quarterly', 'yearly')),
    zone        text not null,
    start_us    integer not null,
    auto_renew  integer not null check (auto_renew in (0, 1)),
    state       text not null check (state in ('pending', 'consuming', 'ending', 'ended')),
    renewals    integer not null check (renewals between 0 and 4294967295),
    -- How often the next renewal was refused, and when the owner was last warned.
    retries     integer not null check (retries between 0 and 4294967295),
    warned_us   integer,
    unique (application, plan)
) strict;

create index plans_by_state on plans (application, state);

-- Who did what to a plan, when and why; the first row is how it began.
create table plan_steps (
    id             integer primary key,
    plan           integer not null references plans (id),
    at_us          integer not null,
    actor          text not null,
    reason         text not null,
    event          text check (event in ('start', 'renew', 'refuse', 'warn', 'end') and (event is null) = (state_before is null)),
    state_before   text,
    state_after    text not null,
    renewals_after integer not null,
    -- What paid the cycle that it begins.
    payment        integer unique references payments (id) check ((payment is not null) = (event in ('start', 'renew')))
) strict;

create index plan_steps_by_plan on plan_steps (plan);

create trigger orders_stay before update of
    id, application, order_id, order_type, owner, unit, currency, amount, step, created_us, pay_s on orders
begin select raise(abort, 'an order is never edited'); end;
create trigger orders_go_on before update of status on orders
when old.status in ('cancelled', 'refund')
begin select raise(abort, 'an order that is over never changes'); end;
create trigger orders_are_kept before delete on orders
begin select raise(abort, 'an order is never removed: cancel it'); end;
create trigger order_items_stay before update of order_number, position, item, weight on order_items
begin select raise(abort, 'an item is never edited'); end;
create trigger order_items_settle_once before update of status on order_items when old.status <> 'pending'
begin select raise(abort, 'an item that is settled never changes'); end;
create trigger order_items_are_refunded_once before update of refund on order_items when old.refund is not null
begin select raise(abort, 'an item that was refunded never changes'); end;
create trigger order_items_are_kept before delete on order_items
begin select raise(abort, 'an item is never removed'); end;
create trigger order_steps_stay before update on order_steps
begin select raise(abort, 'the history of an order is never edited'); end;
create trigger order_steps_are_kept before delete on order_steps
begin select raise(abort, 'the history of an order is never removed'); end;
create trigger plans_stay before update of
    id, application, plan, owner, unit, currency, price, cycle, zone, start_us on plans
begin select raise(abort, 'a plan is never edited'); end;
create trigger plans_go_on before update of state, renewals on plans
when old.state = 'ended' or new.renewals < old.renewals
begin select raise(abort, 'a plan that has ended never changes, and what was renewed stays so'); end;
create trigger plans_are_kept before delete on plans
begin select raise(abort, 'a plan is never removed: end it'); end;
create trigger plan_steps_stay before update on plan_steps
begin select raise(abort, 'the history of a plan is never edited'); end;
create trigger plan_steps_are_kept before delete on plan_steps
begin select raise(abort, 'the history of a plan is never removed'); end;
