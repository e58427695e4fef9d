-- What was mended by hand: a balance that was not what its entries leave. The journal itself is never touched.

create table repairs (
    id           integer primary key,
    table_name   text not null,
    row_name     text not null,
    column_name  text not null,
    value_before text not null,
    value_after  text not null,
    actor        text not null,
    reason       text not null,
    at_us        integer not null
) strict;

create trigger repairs_stay before update on repairs
begin select raise(abort, 'a repair is never edited'); end;
create trigger repairs_are_kept before delete on repairs
begin select raise(abort, 'a repair is never removed'); end;
