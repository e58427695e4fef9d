//! The ledger: every change of an account or a coupon, with its cause. What a source holds changes here and
//! nowhere else.

use super::{
    engine::{Connection, Query, Row, sql},
    rows::{Fields, amount, insert_all},
};
use crate::{AccountEntry, Book, Cause, StoreError};
use counterfoil::{
    money::Money,
    wallet::{Owner, Source},
};

/// What changes a source: a row of another table, by number.
#[derive(Debug, Clone, Copy)]
pub(super) enum By {
    Payment(i64),
    TopUp(i64),
    Refund(i64),
}

/// A change of a source.
#[derive(Clone, Copy)]
pub(super) struct Posting<'a> {
    pub(super) by: By,
    /// Which leg of its cause it is.
    pub(super) position: i64,
    pub(super) source: &'a Source<'a>,
    /// Whose balance or debt.
    pub(super) owner: &'a Owner,
    pub(super) delta: Money,
    /// What it holds before, as it was read, and after.
    pub(super) before: Money,
    pub(super) after: Money,
}

/// Changes a source, and writes down why.
pub(super) async fn post(connection: &mut Connection, posting: &Posting<'_>) -> Result<(), StoreError> {
    let holder = coupon_name(posting.source).unwrap_or_else(|| posting.owner.to_string());
    let update = match posting.source {
        Source::Coupon(_) => "update coupons set balance = ? where coupon = ? and balance = ?",
        Source::Balance => "update accounts set balance = ? where owner = ? and balance = ?",
        Source::Debt => "update accounts set debt = ? where owner = ? and debt = ?",
        other => return Err(StoreError::Unsupported { what: "source", text: other.to_string() }),
    };
    sql(update).bind(amount(posting.after)).bind(holder).bind(amount(posting.before)).change_one(connection).await?;
    write(connection, std::slice::from_ref(posting)).await
}

/// Writes down why sources change, in order.
pub(super) async fn write(connection: &mut Connection, postings: &[Posting<'_>]) -> Result<(), StoreError> {
    let sources = postings.iter().map(|posting| source_name(posting.source)).collect::<Result<Vec<_>, _>>()?;
    let rows: Vec<(&'static str, &Posting<'_>)> = sources.into_iter().zip(postings).collect();
    let bind = |query: Query, (source, posting): &(&'static str, &Posting<'_>)| {
        let coupon = coupon_name(posting.source);
        let account = coupon.is_none().then(|| posting.owner.to_string());
        let (payment, top_up, refund) = match posting.by {
            By::Payment(number) => (Some(number), None, None),
            By::TopUp(number) => (None, Some(number), None),
            By::Refund(number) => (None, None, Some(number)),
        };
        query
            .bind(*source)
            .bind(account)
            .bind(coupon)
            .bind(payment)
            .bind(top_up)
            .bind(refund)
            .bind(posting.position)
            .bind(amount(posting.delta))
            .bind(amount(posting.after))
    };
    let insert =
        "insert into entries (source, account, coupon, payment, top_up, refund, position, delta, held_after) values";
    insert_all(connection, insert, 9, &rows, bind).await
}

/// The entries of an account, from the first on.
pub(super) async fn of_account(connection: &mut Connection, owner: &Owner) -> Result<Vec<AccountEntry>, StoreError> {
    let rows = sql(
        "select e.id, e.account, e.source, e.delta, e.held_after, a.currency, p.application, p.order_id, t.top_up, \
         r.refund \
         from entries e join accounts a on a.owner = e.account left join top_ups t on t.id = e.top_up \
         left join refunds r on r.id = e.refund left join payments p on p.id = coalesce(e.payment, r.payment) \
         where e.account = ? order by e.id",
    )
    .bind(owner.to_string())
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| entry(Fields::of("entries", "id", row))).collect()
}

/// The cause of an entry, from the columns of the tables of causes.
pub(super) fn cause_of(row: Fields<'_>) -> Result<Cause, StoreError> {
    let texts = |columns: [&'static str; 2]| -> Result<_, StoreError> {
        Ok((row.optional_text(columns[0])?, row.optional_text(columns[1])?))
    };
    match (texts(["application", "order_id"])?, texts(["top_up", "refund"])?) {
        ((Some(application), Some(order)), (None, None)) => {
            Ok(Cause::Payment { application: application.to_owned(), order: order.to_owned() })
        }
        ((Some(application), Some(order)), (None, Some(id))) => {
            let (id, application, order) = (id.to_owned(), application.to_owned(), order.to_owned());
            Ok(Cause::Refund { id, application, order })
        }
        ((None, None), (Some(id), None)) => Ok(Cause::TopUp { id: id.to_owned() }),
        _ => Err(row.corrupt("payment", "it has not one cause")),
    }
}

pub(super) fn source_name(source: &Source<'_>) -> Result<&'static str, StoreError> {
    match source {
        Source::Coupon(_) => Ok("coupon"),
        Source::Balance => Ok("balance"),
        Source::Debt => Ok("debt"),
        other => Err(StoreError::Unsupported { what: "source", text: other.to_string() }),
    }
}

/// The source that a row names in its columns `source` and `coupon`.
pub(super) fn source_of(row: Fields<'_>) -> Result<Source<'static>, StoreError> {
    match (row.text("source")?, row.optional_text("coupon")?) {
        ("coupon", Some(id)) => Ok(Source::Coupon(id.to_owned().into())),
        ("balance", None) => Ok(Source::Balance),
        ("debt", None) => Ok(Source::Debt),
        (other, _) => Err(row.corrupt("source", &format!("there is no source `{other}`"))),
    }
}

fn entry(row: Fields<'_>) -> Result<AccountEntry, StoreError> {
    let book = row.text("source")?;
    let book = Book::ALL.into_iter().find(|known| known.name() == book);
    Ok(AccountEntry {
        owner: row.owner("account")?,
        book: book.ok_or_else(|| row.corrupt("source", "there is no such book"))?,
        cause: cause_of(row)?,
        delta: row.money("delta")?,
        after: row.money("held_after")?,
    })
}

/// A row of a query for the whole ledger, for the audit.
pub(super) struct LedgerRow {
    pub(super) source: Source<'static>,
    /// The account, or the coupon.
    pub(super) holder: String,
    pub(super) delta: Money,
    pub(super) after: Money,
}

impl LedgerRow {
    pub(super) fn of(row: &Row) -> Result<Self, StoreError> {
        let fields = Fields::of("entries", "id", row);
        let source = source_of(fields)?;
        let holder = match fields.optional_text("coupon")? {
            Some(coupon) => coupon,
            None => fields.text("account")?,
        };
        Ok(Self {
            holder: holder.to_owned(),
            source,
            delta: fields.money("delta")?,
            after: fields.money("held_after")?,
        })
    }
}

/// The coupon of a source, as it is kept.
pub(super) fn coupon_name(source: &Source<'_>) -> Option<String> {
    match source {
        Source::Coupon(id) => Some(id.to_string()),
        _ => None,
    }
}
