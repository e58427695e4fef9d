-- Address ranges with their lives (R-I12), and supernets to look at them by (R-I11). docs/decisions/0007-addresses-in-sql.md
--
-- An address is 16 bytes, the most significant first, of both families: bytes compare as the addresses do.

create table supernets (
    id            integer primary key,
    supernet_id   text not null unique check (supernet_id <> ''),
    family        text not null check (family in ('ipv4', 'ipv6')),
    first_address blob not null check (length(first_address) = 16),
    last_address  blob not null check (length(last_address) = 16 and last_address >= first_address),
    length        integer not null check (length between 0 and case family when 'ipv4' then 32 else 128 end),
    check (family <> 'ipv4' or last_address <= x'000000000000000000000000ffffffff'),
    unique (family, first_address)
) strict;

-- The rows as they stand. What became of one, and what of its addresses was before, is in the records.
create table ranges (
    id            integer primary key,
    range_id      text not null unique check (range_id <> ''),
    family        text not null check (family in ('ipv4', 'ipv6')),
    first_address blob not null check (length(first_address) = 16),
    last_address  blob not null check (length(last_address) = 16 and last_address >= first_address),
    length        integer not null check (length between 0 and case family when 'ipv4' then 32 else 128 end),
    status        text not null check (status in ('wait', 'reserved', 'assigned')),
    asn           integer check (asn between 0 and 4294967295),
    owner         text check (owner <> '' and (owner is null) = (status = 'wait')),
    check (family <> 'ipv4' or last_address <= x'000000000000000000000000ffffffff'),
    unique (family, first_address)
) strict;

create index ranges_by_owner on ranges (owner, family, first_address) where owner is not null;

-- What was done, by whom, when and why; one for each request that changed something.
create table range_records (
    id         integer primary key,
    request_id text not null unique check (request_id <> ''),
    family     text not null check (family in ('ipv4', 'ipv6')),
    action     text not null check (action in ('add', 'reserve', 'assign', 'recover', 'split', 'merge', 'change', 'delete')),
    -- What was asked for, so that the same request is known again.
    asked      text not null check (json_valid(asked)),
    remark     text not null check (length(remark) <= 255),
    actor      text not null,
    at_us      integer not null
) strict;

-- The rows before and after it.
create table range_record_rows (
    record        integer not null references range_records (id),
    side          text not null check (side in ('before', 'after')),
    position      integer not null check (position >= 0),
    range_id      text not null check (range_id <> ''),
    first_address blob not null check (length(first_address) = 16),
    last_address  blob not null check (length(last_address) = 16 and last_address >= first_address),
    length        integer not null check (length between 0 and 128),
    status        text not null check (status in ('wait', 'reserved', 'assigned')),
    asn           integer check (asn between 0 and 4294967295),
    owner         text check (owner <> '' and (owner is null) = (status = 'wait')),
    primary key (record, side, position)
) strict, without rowid;

create index range_record_rows_by_range on range_record_rows (range_id, side);

-- Rows share no address. They do not so far, so only the last one that begins before the end of a new one can.
create trigger ranges_are_apart before insert on ranges
when (select last_address from ranges where family = new.family and first_address <= new.last_address
      order by first_address desc limit 1) >= new.first_address
begin select raise(abort, 'an address is never in two ranges'); end;
create trigger ranges_stay_apart before update of family, first_address, last_address on ranges
when (select last_address from ranges where family = new.family and first_address <= new.last_address and id <> new.id
      order by first_address desc limit 1) >= new.first_address
begin select raise(abort, 'an address is never in two ranges'); end;
create trigger ranges_keep_their_names before update of id, range_id, family on ranges
begin select raise(abort, 'a range never gets another name'); end;
create trigger ranges_go_when_they_wait before delete on ranges when old.status = 'assigned'
begin select raise(abort, 'a range that is assigned is never removed: recover it'); end;
create trigger supernets_are_apart before insert on supernets
when (select last_address from supernets where family = new.family and first_address <= new.last_address
      order by first_address desc limit 1) >= new.first_address
begin select raise(abort, 'an address is never in two supernets'); end;
create trigger supernets_stay before update on supernets
begin select raise(abort, 'a supernet is never edited'); end;
create trigger range_records_stay before update on range_records
begin select raise(abort, 'the history of a range is never edited'); end;
create trigger range_records_are_kept before delete on range_records
begin select raise(abort, 'the history of a range is never removed'); end;
create trigger range_record_rows_stay before update on range_record_rows
begin select raise(abort, 'the history of a range is never edited'); end;
create trigger range_record_rows_are_kept before delete on range_record_rows
begin select raise(abort, 'the history of a range is never removed'); end;
