//! What would make the rows wrong: each rule broken by one change, and each kind of charge as a row.

use super::*;
use crate::{
    error::StatementError,
    exact::{Exact, decimal},
    money::{CNY, Money},
    time::Period,
    units::{TimeUnit, Unit},
};
use rust_decimal::Decimal;

fn dec(text: &str) -> Decimal {
    decimal::parse(text).unwrap()
}

fn billing() -> FocusBilling {
    FocusBilling {
        provider: "Portal".into(),
        publisher: "Portal".into(),
        issuer: "Portal".into(),
        account: FocusAccount { id: "user:ada".into(), name: "Ada".into(), kind: "user".into() },
        sub_account: None,
        currency: CNY,
        period: Period::parse("2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z").unwrap(),
        invoice: Some("i-1".into()),
    }
}

fn charge() -> FocusCharge {
    FocusCharge {
        service: "vm".into(),
        subcategory: "Virtual Machines".parse().unwrap(),
        resource: Some(FocusResource {
            id: "s-1".into(),
            name: Some("web".into()),
            kind: "server".into(),
            region: Some(("cn-north".into(), "North China".into())),
            zone: None,
            tags: Some(KeyValues::parse(r#"{"team":"physics"}"#).unwrap()),
        }),
        period: Period::parse("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z").unwrap(),
        description: "server s-1".into(),
    }
}

fn line(price: &str, quantity: &str, payable_quantity: &str, billed: &str) -> MeteredLine {
    let (quantity, payable): (Exact, Exact) = (quantity.parse().unwrap(), payable_quantity.parse().unwrap());
    let price = dec(price);
    MeteredLine {
        sku: "server/cpu".into(),
        price_id: "r1/server/cpu".into(),
        meter: "cpu".into(),
        original: quantity.times(&Exact::from(price)).unwrap(),
        payable: payable.times(&Exact::from(price)).unwrap(),
        quantity,
        payable_quantity: payable,
        unit: Unit::Core,
        every: TimeUnit::Hour,
        unit_price: Some(price),
        billed: dec(billed),
        amortized: Decimal::ZERO,
    }
}

fn used(line: MeteredLine) -> Vec<FocusRow> {
    rows(FocusFact::Usage(Box::new(line)))
}

fn rows(fact: FocusFact) -> Vec<FocusRow> {
    billing().rows(&charge(), &fact).unwrap()
}

fn invoice(payable: &str) -> FocusInvoice {
    FocusInvoice::payable("i-1", Money::parse(payable, CNY).unwrap())
}

fn faults(rows: &[FocusRow], invoice: FocusInvoice) -> Vec<(usize, String, &'static str)> {
    validate(rows, &[invoice]).into_iter().map(|fault| (fault.row, fault.column, fault.rule.name())).collect()
}

fn costs(row: &FocusRow) -> [String; 4] {
    [row.list_cost, row.contracted_cost, row.effective_cost, row.billed_cost].map(|cost| cost.to_string())
}

const NONE: [(usize, String, &str); 0] = [];

#[test]
fn a_cost_that_was_rounded_keeps_both_rules() {
    // 2.055 is charged as 2.06: the list cost stays exact, what is billed is rounded.
    let rows = used(line("0.0685", "30", "30", "2.06"));
    assert_eq!(rows.len(), 1);
    assert_eq!(costs(&rows[0]).map(|cost| dec(&cost)), ["2.055", "2.055", "2.06", "2.06"].map(dec));
    assert_eq!(
        decimal::multiply(rows[0].list_unit_price.unwrap(), rows[0].pricing_quantity.unwrap()).unwrap(),
        dec("2.055")
    );
    assert_eq!(
        (rows[0].consumed_quantity, rows[0].consumed_unit.as_deref()),
        (Some(dec("108000")), Some("Core-Seconds"))
    );
    assert_eq!(rows[0].pricing_unit.as_deref(), Some("Core-Hours"));
    assert_eq!(faults(&rows, invoice("2.06")), NONE);
}

#[test]
fn a_second_of_an_hour_is_no_decimal_and_stays_exact_in_seconds() {
    let rows = used(line("0.5", "1/3600", "1/3600", "0.00"));
    assert_eq!(rows[0].pricing_quantity, Some(dec("0.000277777778")));
    assert_eq!(rows[0].list_cost, dec("0.000138888889"));
    assert_eq!(rows[0].consumed_quantity, Some(dec("1")));
    assert_eq!(faults(&rows, invoice("0.00")), NONE);
}

#[test]
fn what_is_not_payable_is_a_row_of_its_own() {
    // R-U4, Discount Handling: ten hours, of which four were prepaid.
    let prepaid = MeteredLine { amortized: dec("1.50"), ..line("0.50", "10", "6", "3.00") };
    let rows = used(prepaid);
    let shown: Vec<_> = rows.iter().map(|row| (row.pricing_quantity.unwrap().to_string(), costs(row))).collect();
    let expected = [("6", ["3.00", "3.00", "3.00", "3.00"]), ("4", ["2.00", "0", "1.50", "0"])];
    for ((quantity, costs), (expected_quantity, expected)) in shown.iter().zip(expected) {
        assert_eq!(quantity, expected_quantity);
        assert_eq!(costs.clone().map(|cost| dec(&cost)), expected.map(dec));
    }
    let amortized = FocusInvoice { amortized: dec("1.50"), ..invoice("3.00") };
    assert_eq!(faults(&rows, amortized), NONE);
    assert_eq!(faults(&rows, invoice("3.00")), [(0, "EffectiveCost".into(), "invoice_sum")]);
}

#[test]
fn a_discount_is_in_the_contracted_price() {
    let discounted = MeteredLine { payable: "2.7".parse().unwrap(), ..line("0.50", "6", "6", "2.70") };
    let rows = used(discounted);
    assert_eq!(rows[0].contracted_unit_price, Some(dec("0.45")));
    assert_eq!([rows[0].list_cost, rows[0].contracted_cost], [dec("3"), dec("2.7")]);
    assert_eq!(faults(&rows, invoice("2.70")), NONE);
}

#[test]
fn tiers_are_one_unit_and_nothing_is_no_row() {
    let tiered = MeteredLine { unit_price: None, ..line("0.50", "6", "6", "3.00") };
    let row = &used(tiered)[0];
    assert_eq!((row.pricing_quantity, row.pricing_unit.as_deref()), (Some(Decimal::ONE), Some("Units")));
    assert_eq!(faults(std::slice::from_ref(row), invoice("3.00")), NONE);
    let back = MeteredLine { unit_price: None, ..line("0.50", "-6", "-6", "-3.00") };
    let row = &used(back)[0];
    assert_eq!((row.pricing_quantity, row.list_unit_price), (Some(dec("-1")), Some(dec("3"))));
    assert_eq!(faults(std::slice::from_ref(row), invoice("-3.00")), NONE);
    assert_eq!(used(line("0.50", "0", "0", "0.00")).len(), 0);
}

#[test]
fn a_line_whose_price_is_not_its_amount_is_refused() {
    let wrong = MeteredLine { original: "2.99".parse().unwrap(), ..line("0.50", "6", "6", "3.00") };
    let error = billing().rows(&charge(), &FocusFact::Usage(Box::new(wrong))).unwrap_err();
    assert_eq!(error.code(), "statement.focus_fault");
    assert!(matches!(error, StatementError::FocusFault { rule: "product", .. }));
}

#[test]
fn corrections_refunds_credits_and_purchases() {
    use BillingPeriodState::{Invoiced, Open};
    let corrected =
        |of| rows(FocusFact::Correction(Corrected { original: dec("-1.00"), payable: dec("-0.56"), of })).remove(0);
    let closed = corrected(Invoiced);
    assert_eq!((closed.charge_category, closed.charge_class), (ChargeCategory::Usage, Some(ChargeClass::Correction)));
    assert_eq!([closed.list_cost, closed.billed_cost], [dec("-1.00"), dec("-0.56")]);
    assert_eq!(faults(&[closed], invoice("-0.56")), NONE);
    let open = corrected(Open);
    assert_eq!((open.charge_category, open.charge_class), (ChargeCategory::Adjustment, None));
    assert_eq!(faults(&[open], invoice("-0.56")), NONE);

    let refund = |of, period| rows(FocusFact::Refund(Refunded { amount: dec("5.00"), of, period })).remove(0);
    let row = refund(RefundOf::Purchase(PurchaseCovers::LaterCharges), Invoiced);
    assert_eq!((row.charge_category, row.billed_cost), (ChargeCategory::Purchase, dec("-5.00")));
    let prepaid = FocusInvoice { prepaid: dec("-5.00"), ..invoice("-5.00") };
    assert_eq!(faults(&[row], prepaid), NONE);
    let row = refund(RefundOf::Usage, Open);
    assert_eq!((row.charge_category, row.charge_class), (ChargeCategory::Credit, None));
    let credited = FocusInvoice { credited: dec("5.00"), ..invoice("0.00") };
    assert_eq!(faults(&[row], credited), NONE);

    let bought = Purchased {
        sku: "server/small".into(),
        price_id: "r1/server/small".into(),
        quantity: dec("3"),
        unit: "Months".into(),
        unit_price: dec("10"),
        payable: dec("25.00"),
        frequency: PurchaseFrequency::OneTime,
        covers: PurchaseCovers::LaterCharges,
    };
    let row = rows(FocusFact::Purchase(bought)).remove(0);
    assert_eq!(row.contracted_unit_price, Some(dec("8.333333333333")));
    assert_eq!([row.list_cost, row.billed_cost, row.effective_cost], [dec("30"), dec("25.00"), Decimal::ZERO]);
    let prepaid = FocusInvoice { prepaid: dec("25.00"), ..invoice("25.00") };
    assert_eq!(faults(&[row], prepaid), NONE);

    let error = billing().rows(&charge(), &FocusFact::Credit(dec("-1"))).unwrap_err();
    assert_eq!(error.code(), "statement.below_zero");
}

#[test]
fn a_credit_is_beside_what_is_payable() {
    let mut all = used(line("0.50", "6", "6", "3.00"));
    all.extend(rows(FocusFact::Credit(dec("1.00"))));
    assert_eq!(faults(&all, FocusInvoice { credited: dec("1.00"), ..invoice("3.00") }), NONE);
    let expected = [(0, "BilledCost".into(), "invoice_sum"), (0, "EffectiveCost".into(), "invoice_sum")];
    assert_eq!(faults(&all, invoice("3.00")), expected);
}

/// One rule broken by one change of one row.
#[test]
fn each_rule_is_broken_by_one_change() {
    type Change = fn(&mut FocusRow);
    let changes: &[(Change, &str, &str)] = &[
        (|row| row.list_cost = dec("3.01"), "ListCost", "product"),
        (|row| row.list_unit_price = Some(dec("0.51")), "ListCost", "product"),
        (|row| row.contracted_cost = dec("2.99"), "ContractedCost", "product"),
        (|row| row.contracted_unit_price = Some(dec("0.49")), "ContractedCost", "product"),
        (|row| row.pricing_quantity = Some(dec("7")), "ListCost", "product"),
        (|row| row.billed_cost = dec("3.01"), "BilledCost", "invoice_sum"),
        (|row| row.effective_cost = dec("3.01"), "EffectiveCost", "invoice_sum"),
        (|row| row.list_unit_price = None, "ListUnitPrice", "not_null"),
        (|row| row.contracted_unit_price = None, "ContractedUnitPrice", "not_null"),
        (|row| row.pricing_category = None, "PricingCategory", "not_null"),
        (|row| row.pricing_quantity = None, "PricingQuantity", "not_null"),
        (|row| row.pricing_unit = None, "PricingUnit", "not_null"),
        (|row| row.consumed_quantity = None, "ConsumedQuantity", "not_null"),
        (|row| row.consumed_unit = None, "ConsumedUnit", "not_null"),
        (|row| row.sku_id = None, "SkuId", "not_null"),
        (|row| row.sku_price_id = None, "SkuPriceId", "not_null"),
        (|row| row.sku_id = None, "SkuMeter", "null"),
        (|row| row.region_name = None, "RegionName", "not_null"),
        (|row| row.region_id = None, "RegionName", "null"),
        (|row| row.resource_type = None, "ResourceType", "not_null"),
        (|row| row.resource_id = None, "ResourceName", "null"),
        (|row| row.sub_account_name = Some("x".into()), "SubAccountName", "null"),
        (|row| row.billing_account_type = None, "BillingAccountType", "not_null"),
        (|row| row.sku_price_details = Some(KeyValues::default()), "SkuPriceDetails", "ok"),
        (|row| row.charge_period_end = row.charge_period_start, "ChargePeriodEnd", "period"),
        (
            |row| row.billing_period_end = row.charge_period_start.plus_micros(1).unwrap(),
            "BillingPeriodEnd",
            "whole_seconds",
        ),
        (|row| row.service_name = " ".into(), "ServiceName", "not_blank"),
        (|row| row.service_category = ServiceCategory::Storage, "ServiceCategory", "one_parent"),
        (|row| row.invoice_id = Some("i-2".into()), "InvoiceId", "invoice_known"),
        (|row| row.invoice_id = None, "BilledCost", "invoice_sum"),
        (|row| row.billing_currency = "USD".parse().unwrap(), "BillingCurrency", "invoice_sum"),
        (|row| row.charge_category = ChargeCategory::Tax, "PricingQuantity", "null"),
        (|row| row.charge_category = ChargeCategory::Purchase, "ChargeFrequency", "purchase_frequency"),
        (|row| row.charge_category = ChargeCategory::Purchase, "ConsumedQuantity", "null"),
    ];
    let [row] = <[_; 1]>::try_from(used(line("0.50", "6", "6", "3.00"))).unwrap();
    for (index, (change, column, rule)) in changes.iter().enumerate() {
        let mut changed = row.clone();
        change(&mut changed);
        let found = faults(&[changed], invoice("3.00"));
        if *rule == "ok" {
            assert_eq!(found, NONE);
        } else {
            let told = found.iter().any(|(_, at, by)| at == column && by == rule);
            assert!(told, "change {index} of {column}: {found:?}");
        }
    }
    let mut negative = row.clone();
    (negative.list_unit_price, negative.pricing_quantity) = (Some(dec("-0.50")), Some(dec("-6")));
    negative.contracted_unit_price = Some(dec("-0.50"));
    let expected = [(1, "ListUnitPrice".into(), "not_negative"), (1, "ContractedUnitPrice".into(), "not_negative")];
    assert_eq!(faults(&[negative], invoice("3.00")), expected);
    // A correction of an invoiced period may differ.
    let corrected = FocusRow { charge_class: Some(ChargeClass::Correction), list_cost: dec("9"), ..row.clone() };
    assert_eq!(faults(&[corrected], invoice("3.00")), NONE);
    // What is granted is what is billed.
    let granted =
        FocusRow { list_cost: dec("9"), effective_cost: dec("8"), ..rows(FocusFact::Credit(dec("1.00"))).remove(0) };
    let found = faults(&[granted], FocusInvoice { credited: dec("1.00"), ..invoice("0.00") });
    assert!(found.contains(&(1, "ListCost".into(), "matches_billed_cost")), "{found:?}");
    assert!(found.contains(&(1, "EffectiveCost".into(), "matches_billed_cost")), "{found:?}");
    // One service has one category, one price one article.
    let other = FocusRow {
        service_category: ServiceCategory::Storage,
        service_subcategory: "Disk".parse().unwrap(),
        sku_id: Some("disk".into()),
        ..row.clone()
    };
    let found = faults(&[row, other], invoice("6.00"));
    assert_eq!(found, [(2, "ServiceCategory".into(), "one_parent"), (2, "SkuId".into(), "one_parent")]);
}

#[test]
fn a_file_is_read_as_it_was_written_and_every_bad_cell_is_told() {
    let mut all = used(MeteredLine { amortized: dec("1"), ..line("0.50", "6", "4", "2.00") });
    all[0].charge_description = Some("a \"quoted\", two\r\nline text".into());
    let invoices = [FocusInvoice { amortized: dec("1"), ..invoice("2.00") }];
    let file = FocusFile::new(all.clone(), &invoices).unwrap();
    let text = file.csv();
    let back: Vec<FocusRow> = read(&text).unwrap().rows.into_iter().map(|(_, row)| row).collect();
    assert_eq!(back, all);
    assert_eq!(check(&text, &invoices).unwrap(), []);
    assert!(text.starts_with("AvailabilityZone,BilledCost,BillingAccountId,"));

    for (from, to, column, rule) in [
        (",CNY,", ",cny,", "BillingCurrency", "form"),
        (",CNY,", ",,", "BillingCurrency", "not_null"),
        ("2024-03-01T00:00:00Z", "2024-03-01T08:00:00+08:00", "BillingPeriodEnd", "form"),
        (",Usage,", ",usage,", "ChargeCategory", "form"),
        ("AvailabilityZone,", "Zone,", "AvailabilityZone", "columns"),
        ("AvailabilityZone,", "BilledCost,", "BilledCost", "columns"),
        (",2.00,", ",2e0,", "BilledCost", "form"),
        (",Portal,", ",\"\",", "InvoiceIssuerName", "not_blank"),
        ("{\"\"team\"\":\"\"physics\"\"}", "[1]", "Tags", "form"),
    ] {
        let bad = text.replacen(from, to, 1);
        assert_ne!(bad, text, "{from}");
        let faults = check(&bad, &invoices).unwrap();
        assert!(faults.iter().any(|fault| fault.column == column && fault.rule.name() == rule), "{from}: {faults:?}");
    }
    // Columns in another order, and one of somebody's own.
    let own: String = text.lines().take(1).map(|header| format!("{header},x_Own\r\n")).collect();
    assert_eq!(check(&own, &[]).unwrap(), []);
    assert_eq!(check("a,b\r\n1\r\n", &[]).unwrap().len(), 2 + FocusColumn::ALL.len());
    assert_eq!(check(&format!("{}1,2\r\n", own.replace(",x_Own", "")), &[]).unwrap_err().code(), "statement.not_csv");
    let error = FocusFile::new(all, &[]).unwrap_err();
    assert_eq!(error.code(), "statement.focus_fault");
}

#[test]
fn the_columns_are_those_of_the_specification() {
    // FOCUS 1.2: 21 are mandatory; these are all but those of what does not exist here.
    let of = |level| FocusColumn::ALL.iter().filter(|column| column.level() == level).count();
    assert_eq!((FocusColumn::ALL.len(), of(FeatureLevel::Mandatory), of(FeatureLevel::Recommended)), (44, 21, 4));
    let names: Vec<&str> = FocusColumn::ALL.iter().map(|column| column.name()).collect();
    assert!(names.is_sorted());
}
