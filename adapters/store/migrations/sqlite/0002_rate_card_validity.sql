-- What a rate card is written in, and when it is in force (R-P1). Cards that are here already are TOML and say
-- nothing of when: their texts could not.
--
-- Both are in the text as well; they stand here so that the card of an instant is found without reading all of them.

alter table rate_cards add column format text not null default 'toml' check (format in ('toml', 'json'));

-- None for always, and for ever.
alter table rate_cards add column from_us integer;
alter table rate_cards add column to_us integer check (to_us is null or from_us is null or to_us > from_us);
