-- Readings by day, in the MySQL family: for a store that was made and holds no reading yet (docs/store.md).
--
-- A partitioned table refers to no other, and no other to it: `store verify` checks what the three references did.

alter table statement_lines drop foreign key statement_lines_ibfk_2;
alter table withdrawals drop foreign key withdrawals_ibfk_1;
alter table readings drop foreign key readings_ibfk_1;
alter table readings drop key revision, drop primary key, add primary key (id, start_us);

-- Whatever has no partition of its own. Make those of the days to come before they come, for instance
-- alter table readings reorganize partition readings_of_later_days into (
--     partition readings_2024_02_20 values less than (1708473600000000),
--     partition readings_of_later_days values less than maxvalue);
alter table readings partition by range (start_us) (
    partition readings_of_later_days values less than maxvalue
);
