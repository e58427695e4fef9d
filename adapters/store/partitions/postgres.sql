-- Readings by day, in PostgreSQL: for a store that was made and holds no reading yet (docs/store.md).
--
-- A key of a partitioned table holds what it is partitioned by, so nothing can refer to a reading by its number alone:
-- `store verify` checks what the two references did.

begin;

do $$
begin
    lock table readings in access exclusive mode;
    if exists (select from readings) then
        raise exception 'there are readings already: nothing was changed';
    end if;
end $$;

alter table statement_lines drop constraint statement_lines_reading_fkey;
alter table withdrawals drop constraint withdrawals_reading_fkey;

alter table readings rename to readings_whole;
create table readings (
    like readings_whole including defaults including constraints including identity,
    primary key (id, start_us),
    unique (start_us, end_us, resource, version),
    foreign key (revision) references rate_cards (revision)
) partition by range (start_us);
drop table readings_whole;
create index readings_of_owner on readings (owner, start_us, end_us);

create trigger readings_stay before update on readings for each row
    execute function refuse('a reading is never edited: add a version');
create trigger readings_are_kept before delete on readings for each row
    execute function refuse('a reading is never removed');

-- Whatever has no partition of its own. Make those of the days to come before they come, for instance
-- create table readings_2024_02_20 partition of readings for values from (1708387200000000) to (1708473600000000);
create table readings_of_other_days partition of readings default;

commit;
