//! The schemas of the three engines say the same: tables, columns, keys, references, triggers.

use super::support::*;
use std::collections::BTreeSet;

/// What only servers have: rows to lock.
const ONLY_ON_SERVERS: [&str; 3] = ["column turns.turn not null", "primary key turns (turn)", "table turns"];

/// A coupon is redeemed once and cancelled once: a unique key of some rows, or of a column that the others leave empty.
const ONCE: &str = "unique coupon_changes (change,coupon)";
const ONCE_BY_A_COLUMN: &str = "unique coupon_changes (coupon,once)";

#[tokio::test]
async fn the_schema_is_that_of_sqlite() {
    let file = Database::file();
    let (database, _store) = empty_store().await;
    file.open().await.close().await;
    let (wanted, found) = (catalogue(&file).await, catalogue(&database).await);
    assert!(wanted.len() > 400, "{}", wanted.len());
    let (missing, more): (&[&str], &[&str]) = match database.engine() {
        Engine::Sqlite => (&[], &[]),
        Engine::Postgres => (&[], &ONLY_ON_SERVERS),
        Engine::MySql => (&[ONCE], &[&ONLY_ON_SERVERS[..], &[ONCE_BY_A_COLUMN]].concat()),
    };
    assert_eq!(wanted.difference(&found).collect::<Vec<_>>(), missing);
    assert_eq!(found.difference(&wanted).collect::<Vec<_>>(), more);
}

/// The tables of a database, without the list of migrations.
pub(crate) async fn tables(beside: &mut Beside) -> Vec<String> {
    let tables = match beside.engine() {
        Engine::Sqlite => "select name from sqlite_master where type = 'table' and name not glob 'sqlite_*'",
        Engine::Postgres => "select tablename::text from pg_tables where schemaname = current_schema()",
        Engine::MySql => "select table_name from information_schema.tables where table_schema = database()",
    };
    let mut tables = beside.texts(tables).await;
    tables.retain(|table| table != "_sqlx_migrations");
    tables.sort();
    tables
}

/// All that a database says of itself, a line for each fact.
async fn catalogue(database: &Database) -> BTreeSet<String> {
    let mut beside = database.beside().await;
    let facts = match database.engine() {
        Engine::Sqlite => SQLITE,
        Engine::Postgres => POSTGRES,
        Engine::MySql => MYSQL,
    };
    let mut lines: BTreeSet<String> = tables(&mut beside).await.iter().map(|table| format!("table {table}")).collect();
    for fact in facts {
        lines.extend(beside.texts(fact).await);
    }
    lines.retain(|line| !line.contains("_sqlx_migrations") && !line.contains(" sqlite_"));
    lines
}

/// Columns, primary keys, unique keys, references and triggers. A primary key is never null, and a generated column is
/// no fact.
const SQLITE: [&str; 5] = [
    "select 'column ' || t.name || '.' || c.name || case when c.\"notnull\" = 1 or c.pk > 0 then ' not null' else '' end \
     from pragma_table_list t, pragma_table_info(t.name) c where t.schema = 'main' and t.type = 'table'",
    "select 'primary key ' || name || ' (' || group_concat(column) || ')' from \
     (select t.name, c.name as column from pragma_table_list t, pragma_table_info(t.name) c \
      where t.schema = 'main' and t.type = 'table' and c.pk > 0 order by t.name, c.name) group by name",
    "select 'unique ' || name || ' (' || group_concat(column) || ')' from \
     (select t.name, i.name as of_index, c.name as column \
      from pragma_table_list t, pragma_index_list(t.name) i, pragma_index_info(i.name) c \
      where t.schema = 'main' and t.type = 'table' and i.\"unique\" = 1 and i.origin <> 'pk' \
      order by t.name, i.name, c.name) group by name, of_index",
    "select 'reference ' || t.name || '.' || r.\"from\" || ' to ' || r.\"table\" || '.' || r.\"to\" \
     || ' on delete ' || lower(r.on_delete) \
     from pragma_table_list t, pragma_foreign_key_list(t.name) r where t.schema = 'main' and t.type = 'table'",
    "select 'trigger ' || name || ' on ' || tbl_name from sqlite_master where type = 'trigger'",
];

const POSTGRES: [&str; 5] = [
    "select 'column ' || table_name || '.' || column_name || case is_nullable when 'NO' then ' not null' else '' end \
     from information_schema.columns where table_schema = current_schema()",
    "select 'primary key ' || i.indrelid::regclass || ' (' || string_agg(a.attname, ',' order by a.attname) || ')' \
     from pg_index i join pg_class c on c.oid = i.indrelid \
     join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey) \
     where i.indisprimary and c.relnamespace = current_schema()::regnamespace group by i.indexrelid, i.indrelid",
    "select 'unique ' || i.indrelid::regclass || ' (' || string_agg(a.attname, ',' order by a.attname) || ')' \
     from pg_index i join pg_class c on c.oid = i.indrelid \
     join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey) \
     where i.indisunique and not i.indisprimary and c.relnamespace = current_schema()::regnamespace \
     group by i.indexrelid, i.indrelid",
    "select 'reference ' || r.conrelid::regclass || '.' || a.attname || ' to ' || r.confrelid::regclass || '.' || b.attname \
     || ' on delete ' || case r.confdeltype when 'c' then 'cascade' else 'no action' end \
     from pg_constraint r join pg_attribute a on a.attrelid = r.conrelid and a.attnum = r.conkey[1] \
     join pg_attribute b on b.attrelid = r.confrelid and b.attnum = r.confkey[1] where r.contype = 'f'",
    "select 'trigger ' || tgname || ' on ' || tgrelid::regclass from pg_trigger where not tgisinternal",
];

const MYSQL: [&str; 5] = [
    "select 'column ' || table_name || '.' || column_name || case is_nullable when 'NO' then ' not null' else '' end \
     from information_schema.columns where table_schema = database() and extra not like '%GENERATED%'",
    "select 'primary key ' || table_name || ' (' || group_concat(column_name order by column_name) || ')' \
     from information_schema.statistics where table_schema = database() and index_name = 'PRIMARY' group by table_name",
    "select 'unique ' || table_name || ' (' || group_concat(column_name order by column_name) || ')' \
     from information_schema.statistics where table_schema = database() and non_unique = 0 and index_name <> 'PRIMARY' \
     group by table_name, index_name",
    "select 'reference ' || k.table_name || '.' || k.column_name || ' to ' || k.referenced_table_name || '.' \
     || k.referenced_column_name || ' on delete ' || replace(lower(r.delete_rule), 'restrict', 'no action') \
     from information_schema.key_column_usage k join information_schema.referential_constraints r \
     on r.constraint_schema = k.constraint_schema and r.constraint_name = k.constraint_name \
     and r.table_name = k.table_name where k.table_schema = database()",
    "select 'trigger ' || trigger_name || ' on ' || event_object_table from information_schema.triggers \
     where trigger_schema = database()",
];
