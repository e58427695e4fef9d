-- What was mended by hand: a balance that was not what its entries leave. The journal itself is never touched.

create table if not exists repairs (
    id           bigint not null auto_increment primary key,
    table_name   varchar(20) not null,
    row_name     varbinary(261) not null,
    column_name  varchar(20) not null,
    value_before varchar(40) not null,
    value_after  varchar(40) not null,
    actor        varbinary(255) not null,
    reason       text character set utf8mb4 not null,
    at_us        bigint not null
) engine = InnoDB default character set ascii collate ascii_bin;

drop trigger if exists repairs_stay;
create trigger repairs_stay before update on repairs for each row
    signal sqlstate '45000' set message_text = 'a repair is never edited';
drop trigger if exists repairs_are_kept;
create trigger repairs_are_kept before delete on repairs for each row
    signal sqlstate '45000' set message_text = 'a repair is never removed';
