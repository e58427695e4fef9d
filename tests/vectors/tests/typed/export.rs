use crate::input::{Answer, Fault, Members, all, choice, derivation, rounded, shape, text};
use crate::wallet::money_shown;
use counterfoil::{
    error::{Language, StatementError},
    money::Ratio,
    statement::{
        BillFacts, BillSource, BillSources, BillType, LeftOut, ProviderBill, SettledTerms, SettlementBooks,
        SettlementOrder, check_bills,
        focus::{
            self, BillingPeriodState, Corrected, FocusAccount, FocusBilling, FocusCharge, FocusColumn, FocusFact,
            FocusFile, FocusInvoice, FocusResource, FocusRow, KeyValues, MeteredLine, PurchaseCovers,
            PurchaseFrequency, Purchased, RefundOf, Refunded,
        },
        settle,
    },
};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn or_zero(of: Members<'_>, key: &str) -> Result<Decimal, Fault> {
    of.optional(key).map_or_else(|| Ok(Decimal::ZERO), |_| of.decimal(key))
}

fn optional_text(of: Members<'_>, key: &str) -> Result<Option<String>, Fault> {
    of.optional(key).map(|value| text(value).map(str::to_owned)).transpose()
}

pub(crate) fn bill_types(input: Members<'_>) -> Answer {
    let types = match input.optional_count("number")? {
        Some(number) => vec![BillType::from_number(number)?],
        None => BillType::all().collect(),
    };
    let shown = |bill_type: &BillType| json!({ "number": bill_type.number(), "name": bill_type.name(), "sign": bill_type.sign().name() });
    Ok(json!({ "types": types.iter().map(shown).collect::<Vec<_>>() }))
}

fn bill(value: &Value) -> Result<BillFacts, Fault> {
    let known = ["id", "type", "currency", "official", "discount", "truncated", "consumed", "amount", "sources"];
    let row = Members::of(value, &known)?;
    let sources = row.members("sources", &BillSource::ALL.map(BillSource::name))?;
    let mut legs = Vec::new();
    for source in BillSource::ALL {
        legs.push((source, or_zero(sources, source.name())?));
    }
    Ok(BillFacts {
        id: row.text("id")?.to_owned(),
        type_number: row.number("type")?,
        currency: row.parse("currency")?,
        official: row.decimal("official")?,
        discount: row.decimal("discount")?,
        truncated: row.decimal("truncated")?,
        consumed: row.decimal("consumed")?,
        amount: row.decimal("amount")?,
        sources: BillSources::of(legs)?,
    })
}

fn fault_shown(fault: &StatementError) -> Value {
    let details: BTreeMap<&str, String> = fault.details().into_iter().collect();
    json!({ "error": {
        "code": fault.code(),
        "message": fault.message(Language::English),
        "message_zh": fault.message(Language::Chinese),
        "details": details,
    } })
}

pub(crate) fn check(input: Members<'_>) -> Answer {
    let checked = check_bills(all(input.list("rows")?, bill)?)?;
    let mut good = Vec::new();
    for bill in &checked.good {
        let less = bill.amount_less_vouchers()?.to_string();
        good.push(json!({
            "id": bill.facts().id, "type": bill.bill_type().name(), "amount_less_vouchers": less,
        }));
    }
    let faulty = checked.faulty.iter().map(|row| {
        let faults: Vec<Value> = row.faults.iter().map(fault_shown).collect();
        json!({ "index": row.index, "id": row.facts.id, "faults": faults })
    });
    let sums = checked.sums.iter().map(|((bill_type, currency), sums)| {
        let sources: BTreeMap<&str, String> =
            BillSource::ALL.into_iter().map(|source| (source.name(), sums.sources.get(source).to_string())).collect();
        json!({
            "type": bill_type.name(),
            "currency": currency.code(),
            "rows": sums.rows,
            "official": sums.official.to_string(),
            "discount": sums.discount.to_string(),
            "truncated": sums.truncated.to_string(),
            "consumed": sums.consumed.to_string(),
            "amount": sums.amount.to_string(),
            "sources": sources,
        })
    });
    Ok(json!({
        "good": good, "faulty": faulty.collect::<Vec<_>>(), "sums": sums.collect::<Vec<_>>(),
    }))
}

fn account(value: &Value) -> Result<FocusAccount, Fault> {
    let account = Members::of(value, &["id", "name", "kind"])?;
    let own = |key| account.text(key).map(str::to_owned);
    Ok(FocusAccount { id: own("id")?, name: own("name")?, kind: own("kind")? })
}

fn billing(billing: Members<'_>) -> Result<FocusBilling, Fault> {
    let own = |key| billing.text(key).map(str::to_owned);
    Ok(FocusBilling {
        provider: own("provider")?,
        publisher: own("publisher")?,
        issuer: own("issuer")?,
        account: account(billing.value("account")?)?,
        sub_account: billing.optional("sub_account").map(account).transpose()?,
        currency: billing.parse("currency")?,
        period: billing.period("period")?,
        invoice: optional_text(billing, "invoice")?,
    })
}

fn resource(value: &Value) -> Result<FocusResource, Fault> {
    let resource = Members::of(value, &["id", "name", "kind", "region", "zone", "tags"])?;
    let region = resource.optional("region").map(|value| {
        let region = Members::of(value, &["id", "name"])?;
        Ok::<_, Fault>((region.text("id")?.to_owned(), region.text("name")?.to_owned()))
    });
    Ok(FocusResource {
        id: resource.text("id")?.to_owned(),
        name: optional_text(resource, "name")?,
        kind: resource.text("kind")?.to_owned(),
        region: region.transpose()?,
        zone: optional_text(resource, "zone")?,
        tags: optional_text(resource, "tags")?.map(|tags| KeyValues::parse(&tags)).transpose()?,
    })
}

fn covers(text: &str) -> Result<PurchaseCovers, Fault> {
    match text {
        "itself" => Ok(PurchaseCovers::Itself),
        "later_charges" => Ok(PurchaseCovers::LaterCharges),
        _ => shape(format!("nothing is covered as {text}")),
    }
}

fn state(text: &str) -> Result<BillingPeriodState, Fault> {
    match text {
        "open" => Ok(BillingPeriodState::Open),
        "invoiced" => Ok(BillingPeriodState::Invoiced),
        _ => shape(format!("no period is {text}")),
    }
}

fn fact(value: &Value) -> Result<FocusFact, Fault> {
    let (kind, with) = choice(value)?;
    Ok(match kind {
        "usage" => FocusFact::Usage(Box::new(line(with)?)),
        "purchase" => {
            let known = ["sku", "price_id", "quantity", "unit", "unit_price", "payable", "frequency", "covers"];
            let bought = Members::of(with, &known)?;
            FocusFact::Purchase(Purchased {
                sku: bought.text("sku")?.to_owned(),
                price_id: bought.text("price_id")?.to_owned(),
                quantity: bought.decimal("quantity")?,
                unit: bought.text("unit")?.to_owned(),
                unit_price: bought.decimal("unit_price")?,
                payable: bought.decimal("payable")?,
                frequency: match bought.text("frequency")? {
                    "one_time" => PurchaseFrequency::OneTime,
                    "recurring" => PurchaseFrequency::Recurring,
                    other => return shape(format!("nothing is bought {other}")),
                },
                covers: covers(bought.text("covers")?)?,
            })
        }
        "correction" => {
            let corrected = Members::of(with, &["original", "payable", "of"])?;
            FocusFact::Correction(Corrected {
                original: corrected.decimal("original")?,
                payable: corrected.decimal("payable")?,
                of: state(corrected.text("of")?)?,
            })
        }
        "refund" => {
            let refunded = Members::of(with, &["amount", "of", "period"])?;
            let of = match refunded.value("of")? {
                Value::String(of) if of == "usage" => RefundOf::Usage,
                of => match choice(of)? {
                    ("purchase", with) => RefundOf::Purchase(covers(text(with)?)?),
                    (other, _) => return shape(format!("no refund of {other}")),
                },
            };
            let (amount, period) = (refunded.decimal("amount")?, state(refunded.text("period")?)?);
            FocusFact::Refund(Refunded { amount, of, period })
        }
        "credit" => FocusFact::Credit(crate::input::decimal(with)?),
        "adjustment" => FocusFact::Adjustment(crate::input::decimal(with)?),
        other => return shape(format!("no fact is {other}")),
    })
}

fn line(value: &Value) -> Result<MeteredLine, Fault> {
    let known = [
        "sku",
        "price_id",
        "meter",
        "quantity",
        "payable_quantity",
        "unit",
        "every",
        "unit_price",
        "original",
        "payable",
        "billed",
        "amortized",
    ];
    let line = Members::of(value, &known)?;
    Ok(MeteredLine {
        sku: line.text("sku")?.to_owned(),
        price_id: line.text("price_id")?.to_owned(),
        meter: line.text("meter")?.to_owned(),
        quantity: line.exact("quantity")?,
        payable_quantity: line.exact("payable_quantity")?,
        unit: line.parse("unit")?,
        every: line.parse("every")?,
        unit_price: line.optional("unit_price").map(|_| line.decimal("unit_price")).transpose()?,
        original: line.exact("original")?,
        payable: line.exact("payable")?,
        billed: line.decimal("billed")?,
        amortized: or_zero(line, "amortized")?,
    })
}

fn rows(input: Members<'_>) -> Result<Vec<FocusRow>, Fault> {
    let mut rows = Vec::new();
    for billed in input.list("billed")? {
        let billed = Members::of(billed, &["billing", "charges"])?;
        let known = ["provider", "publisher", "issuer", "account", "sub_account", "currency", "period", "invoice"];
        let billing = billing(billed.members("billing", &known)?)?;
        for charge in billed.list("charges")? {
            let known = ["service", "subcategory", "resource", "period", "description", "facts"];
            let charge = Members::of(charge, &known)?;
            let about = FocusCharge {
                service: charge.text("service")?.to_owned(),
                subcategory: charge.parse("subcategory")?,
                resource: charge.optional("resource").map(resource).transpose()?,
                period: charge.period("period")?,
                description: charge.text("description")?.to_owned(),
            };
            for value in charge.list("facts")? {
                rows.extend(billing.rows(&about, &fact(value)?)?);
            }
        }
    }
    Ok(rows)
}

fn invoices(input: Members<'_>) -> Result<Vec<FocusInvoice>, Fault> {
    all(input.list("invoices")?, |value| {
        let invoice = Members::of(value, &["id", "payable", "credited", "prepaid", "amortized"])?;
        Ok(FocusInvoice {
            id: invoice.text("id")?.to_owned(),
            payable: invoice.money("payable")?,
            credited: or_zero(invoice, "credited")?,
            prepaid: or_zero(invoice, "prepaid")?,
            amortized: or_zero(invoice, "amortized")?,
        })
    })
}

pub(crate) fn focus_rows(input: Members<'_>) -> Answer {
    let shown = |row: &FocusRow| -> BTreeMap<&str, String> {
        FocusColumn::ALL.iter().filter_map(|column| Some((column.name(), row.cell(*column)?))).collect()
    };
    Ok(json!({ "rows": rows(input)?.iter().map(shown).collect::<Vec<_>>() }))
}

pub(crate) fn focus_csv(input: Members<'_>) -> Answer {
    let invoices = invoices(input)?;
    Ok(json!({ "csv": FocusFile::new(rows(input)?, &invoices)?.csv() }))
}

pub(crate) fn focus_check(input: Members<'_>) -> Answer {
    let faults = focus::check(input.text("csv")?, &invoices(input)?)?;
    let shown = faults.iter().map(|fault| {
        json!({
            "row": fault.row,
            "column": fault.column,
            "rule": fault.rule.name(),
            "value": fault.value,
            "expected": fault.expected,
        })
    });
    Ok(json!({ "faults": shown.collect::<Vec<_>>() }))
}

fn provider_bill(value: &Value) -> Result<ProviderBill, Fault> {
    let bill = Members::of(value, &["id", "provider", "date", "kind", "terms"])?;
    let (mode, with) = choice(bill.value("terms")?)?;
    let (provider, date) = (bill.parse("provider")?, bill.date("date")?);
    let kind = bill.parse("kind")?;
    let terms = match mode {
        "discount" => {
            let terms = Members::of(with, &["list", "ratio"])?;
            SettledTerms::Discount { list: terms.decimal("list")?, ratio: Ratio::new(terms.decimal("ratio")?)? }
        }
        "floor_price" => {
            let terms = Members::of(with, &["floor", "quantity"])?;
            SettledTerms::FloorPrice { floor: terms.decimal("floor")?, quantity: terms.decimal("quantity")? }
        }
        "commission" => {
            let terms = Members::of(with, &["amount", "commission"])?;
            SettledTerms::Commission { amount: terms.decimal("amount")?, commission: terms.decimal("commission")? }
        }
        other => return shape(format!("no mode {other}")),
    };
    Ok(ProviderBill { id: bill.text("id")?.to_owned(), provider, date, kind, terms })
}

fn order(of: Members<'_>) -> Result<SettlementOrder, Fault> {
    let order = of.members("order", &["id", "provider", "from", "to", "currency", "rounding"])?;
    Ok(SettlementOrder {
        id: order.text("id")?.to_owned(),
        provider: order.parse("provider")?,
        from: order.date("from")?,
        to: order.date("to")?,
        currency: order.parse("currency")?,
        rounding: order.parse("rounding")?,
    })
}

pub(crate) fn settle_bills(input: Members<'_>) -> Answer {
    let order_now = order(input)?;
    let bills = all(input.list("bills")?, provider_bill)?;
    let mut settled = BTreeMap::new();
    for row in input.optional("settled").map_or(Ok([].as_slice()), crate::input::list)? {
        let row = Members::of(row, &["bill", "by"])?;
        if settled.insert(row.text("bill")?.to_owned(), row.text("by")?.to_owned()).is_some() {
            return shape("a bill is settled twice");
        }
    }
    let none = BTreeMap::new();
    let earlier = match input.optional("earlier") {
        Some(earlier) => {
            let earlier = Members::of(earlier, &["order", "bills"])?;
            let bills = all(earlier.list("bills")?, provider_bill)?;
            let books = SettlementBooks { bills: &bills, settled: &none, earlier: None };
            Some(settle(&order(earlier)?, books)?.settlement)
        }
        None => None,
    };
    let books = SettlementBooks { bills: &bills, settled: &settled, earlier: earlier.as_ref() };
    let answer = settle(&order_now, books)?;
    let settlement = &answer.settlement;
    let modes = settlement.modes().iter().map(|mode| {
        json!({
            "mode": mode.mode.name(),
            "charges": mode.charges,
            "refunds": mode.refunds,
            "exact": mode.exact.to_string(),
            "amount": mode.amount.to_string(),
        })
    });
    let left_out = answer.left_out.iter().map(|(bill, why)| {
        let mut shown = json!({ "bill": bill, "why": why.name() });
        if let LeftOut::Settled { by } = why {
            shown["by"] = by.as_str().into();
        }
        shown
    });
    Ok(json!({
        "id": settlement.order().id,
        "provider": settlement.order().provider.as_str(),
        "repeated": answer.repeated,
        "bills": settlement.bills().iter().map(|bill| bill.id.as_str()).collect::<Vec<_>>(),
        "modes": modes.collect::<Vec<_>>(),
        "total": rounded(settlement.total())?,
        "settled": money_shown(settlement.money()),
        "left_out": left_out.collect::<Vec<_>>(),
        "derivation": derivation(settlement.derivation()),
    }))
}
