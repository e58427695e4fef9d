//! The month as a FOCUS file: a row for each line of a rated usage, for what was bought, and for what came
//! back; an invoice for each owner (R-S5). The library refuses a file that breaks a rule or a sum.

use super::books::MonthBooks;
use crate::{
    bill::Tariffs,
    books::Books,
    portfolio::{Portfolio, Terms},
};
use anyhow::{Context, Result};
use counterfoil::{
    metering::Kind,
    money::Money,
    statement::{
        Month,
        focus::{
            BillingPeriodState, FocusAccount, FocusBilling, FocusCharge, FocusFact, FocusFile, FocusInvoice,
            FocusResource, FocusRow, PurchaseCovers, PurchaseFrequency, Purchased, RefundOf, Refunded,
            ServiceSubcategory,
        },
    },
    time::Period,
    units::Name,
    wallet::Owner,
};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

use super::books::OrderKind;

/// The file, and what each owner is invoiced.
#[derive(Debug)]
pub(crate) struct Focus {
    /// Rows that keep every rule and add up to the invoices.
    pub(crate) file: FocusFile,
    /// What is payable of each owner: usage and orders, less what came back of orders.
    pub(crate) invoices: BTreeMap<Owner, Money>,
    /// Σ billed cost of the rows.
    pub(crate) billed: Money,
}

/// What an owner is invoiced while rows are being made: for what, and what credits take off that.
struct Invoice {
    payable: Money,
    credited: Money,
}

struct Making<'a> {
    terms: &'a Terms,
    month: Month,
    period: Period,
    rows: Vec<FocusRow>,
    invoices: BTreeMap<Owner, Invoice>,
    nothing: Money,
}

/// Makes the file of a month.
pub(crate) fn focus(
    portfolio: &Portfolio,
    books: &Books,
    month: &MonthBooks,
    of: Month,
    terms: &Terms,
) -> Result<Focus> {
    let nothing = Money::new(Decimal::new(0, 2), books.currency);
    let period = of.days(terms.zone)?.period();
    let mut making = Making { terms, month: of, period, rows: Vec::new(), invoices: BTreeMap::new(), nothing };
    making.usage(portfolio, books)?;
    for (kind, payment) in &month.payments {
        let charge = payment.payment.charge();
        making.bought(*kind, &charge.payer, &charge.unit.parse()?, &charge.order, charge.amount, payment.paid_at)?;
    }
    for refund in month.refunds.iter().filter(|refund| !refund.is_correction()) {
        making.came_back(refund)?;
    }
    making.finish()
}

impl Making<'_> {
    /// The lines of every reading. What was corrected within the month stands as it really was.
    fn usage(&mut self, portfolio: &Portfolio, books: &Books) -> Result<()> {
        let mut tariffs = BTreeMap::new();
        for day in &books.days {
            let of_day = Tariffs::of(portfolio, *day).map_err(crate::problem::Unusable::from)?;
            tariffs.insert(day.period().start(), of_day);
        }
        for stored in &books.readings {
            let (reading, owner) = (&stored.reading.reading, &stored.reading.owner);
            let tariff = tariffs.get(&reading.usage().window().start()).and_then(|of_day| of_day.kind(reading.kind()));
            let tariff = tariff.with_context(|| format!("no tariff for `{}`", reading.kind()))?;
            let explanation = tariff.rate(reading.usage(), self.terms.rounding)?.explain()?;
            let charge = FocusCharge {
                service: reading.kind().to_string(),
                subcategory: subcategory(reading.kind())?,
                resource: Some(FocusResource {
                    id: reading.resource().to_string(),
                    name: None,
                    kind: reading.kind().to_string(),
                    region: None,
                    zone: None,
                    tags: None,
                }),
                period: reading.usage().window(),
                description: format!("{} of {}", reading.kind(), stored.reading.unit),
            };
            let rows = self.billing(owner).usage(&charge, &explanation)?;
            self.rows.extend(rows);
            self.invoice(owner).payable = self.invoice(owner).payable.plus(stored.reading.payable)?;
        }
        Ok(())
    }

    fn bought(
        &mut self,
        kind: OrderKind,
        owner: &Owner,
        unit: &Name,
        order: &str,
        amount: Money,
        at: counterfoil::time::Instant,
    ) -> Result<()> {
        let frequency = match kind {
            OrderKind::Renewal => PurchaseFrequency::Recurring,
            OrderKind::Order | OrderKind::Lock => PurchaseFrequency::OneTime,
        };
        let bought = Purchased {
            sku: format!("{}/{unit}", kind.name()),
            price_id: format!("{}/{unit}/{order}", kind.name()),
            quantity: Decimal::ONE,
            unit: "Orders".to_owned(),
            unit_price: amount.amount(),
            payable: amount.amount(),
            frequency,
            covers: PurchaseCovers::Itself,
        };
        let charge = self.charge(unit, at, format!("{} {order} of {unit}", kind.name()))?;
        let rows = self.billing(owner).rows(&charge, &FocusFact::Purchase(bought))?;
        self.rows.extend(rows);
        self.invoice(owner).payable = self.invoice(owner).payable.plus(amount)?;
        Ok(())
    }

    /// What came back of an order of the open period is a credit; of one that was invoiced before, a correction.
    fn came_back(&mut self, refund: &super::books::MonthRefund) -> Result<()> {
        let amount = refund.amount();
        if amount.is_zero() {
            return Ok(());
        }
        let of = if refund.kind.is_some() { RefundOf::Purchase(PurchaseCovers::Itself) } else { RefundOf::Usage };
        let period = if refund.of_earlier { BillingPeriodState::Invoiced } else { BillingPeriodState::Open };
        let fact = FocusFact::Refund(Refunded { amount: amount.amount(), of, period });
        let (id, order) = (refund.stored.refund.id(), &refund.stored.refund.request().order);
        let charge = self.charge(&refund.unit, refund.stored.asked_at, format!("refund {id} of {order}"))?;
        let rows = self.billing(&refund.owner).rows(&charge, &fact)?;
        self.rows.extend(rows);
        let invoice = self.invoice(&refund.owner);
        match period {
            BillingPeriodState::Open => invoice.credited = invoice.credited.plus(amount)?,
            BillingPeriodState::Invoiced => invoice.payable = invoice.payable.minus(amount)?,
        }
        Ok(())
    }

    /// A charge on the day of an instant.
    fn charge(&self, unit: &Name, at: counterfoil::time::Instant, description: String) -> Result<FocusCharge> {
        let day = counterfoil::time::BillingDay::of(at, self.terms.zone)?;
        Ok(FocusCharge {
            service: format!("orders of {unit}"),
            subcategory: "Other (Other)".parse()?,
            resource: None,
            period: day.period(),
            description,
        })
    }

    fn billing(&self, owner: &Owner) -> FocusBilling {
        FocusBilling {
            provider: "portal-day".to_owned(),
            publisher: "portal-day".to_owned(),
            issuer: "portal-day".to_owned(),
            account: FocusAccount {
                id: owner.to_string(),
                name: owner.id().to_owned(),
                kind: owner.kind().name().to_owned(),
            },
            sub_account: None,
            currency: self.nothing.currency(),
            period: self.period,
            invoice: Some(self.invoice_id(owner)),
        }
    }

    fn invoice_id(&self, owner: &Owner) -> String {
        format!("{}/{owner}", self.month)
    }

    fn invoice(&mut self, owner: &Owner) -> &mut Invoice {
        let nothing = self.nothing;
        self.invoices.entry(owner.clone()).or_insert(Invoice { payable: nothing, credited: nothing })
    }

    fn finish(mut self) -> Result<Focus> {
        let invoices: Vec<FocusInvoice> = self
            .invoices
            .iter()
            .map(|(owner, invoice)| FocusInvoice {
                credited: invoice.credited.amount(),
                ..FocusInvoice::payable(self.invoice_id(owner), invoice.payable)
            })
            .collect();
        let billed = self.rows.iter().map(|row| Money::new(row.billed_cost, self.nothing.currency()));
        let billed = Money::sum(billed, self.nothing.currency())?;
        let file = FocusFile::new(std::mem::take(&mut self.rows), &invoices).context("the FOCUS file breaks a rule")?;
        let less = |invoice: &Invoice| invoice.payable.minus(invoice.credited);
        let invoices = self.invoices.iter().map(|(owner, invoice)| Ok((owner.clone(), less(invoice)?)));
        let invoices = invoices.collect::<Result<_>>()?;
        Ok(Focus { file, invoices, billed })
    }
}

/// What a kind of resource is for, in the words of the specification.
fn subcategory(kind: &Kind) -> Result<ServiceSubcategory> {
    Ok(match kind.as_str() {
        "server" => "Virtual Machines",
        "disk" => "Disk",
        "snapshot" => "Backups",
        "bucket" => "Object Storage",
        "site" => "Threat Detection",
        "scan" => "Other (Security)",
        _ => "Other (Compute)",
    }
    .parse()?)
}
