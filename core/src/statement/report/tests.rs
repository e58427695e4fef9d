use super::*;
use crate::{
    metering::{Part, Spec, Usage},
    money::CNY,
    statement::Month,
    time::{BillingDay, Zone, parse_date},
    units::Unit,
    wallet::{OwnerKind, SourceKind},
};

fn cny(text: &str) -> Money {
    Money::parse(text, CNY).unwrap()
}

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn user(id: &str) -> Owner {
    Owner::new(OwnerKind::User, id)
}

fn window(date: &str) -> Period {
    BillingDay::new(parse_date(date).unwrap(), Zone::UTC).unwrap().period()
}

fn february(top: usize) -> MonthlyReport {
    let days = "2024-02".parse::<Month>().unwrap().days(Zone::UTC).unwrap();
    MonthlyReport::new(ReportTerms { days, currency: CNY, top })
}

/// A row with names of its own.
struct Own {
    owner: Owner,
    unit: Name,
    resource: Name,
    window: Period,
    usage: Option<Usage>,
    payable: Money,
}

fn own(owner: &str, unit: &str, resource: &str, date: &str, payable: &str) -> Own {
    let (owner, unit, resource) = (user(owner), name(unit), name(resource));
    Own { owner, unit, resource, window: window(date), usage: None, payable: cny(payable) }
}

impl Own {
    fn row(&self) -> ReportRow<'_> {
        ReportRow {
            owner: &self.owner,
            unit: &self.unit,
            kind: &Kind::Server,
            resource: &self.resource,
            window: self.window,
            usage: self.usage.as_ref(),
            lifetime_micros: Some(self.window.micros()),
            original: cny("3.00"),
            payable: self.payable,
        }
    }
}

fn finished(rows: &[Own]) -> Report {
    let mut report = february(2);
    rows.iter().for_each(|row| report.read(&row.row()).unwrap());
    report.finish().unwrap()
}

#[test]
fn owners_and_services_are_summed_and_counted() {
    // R-S3
    let report = finished(&[
        own("ada", "vm", "s-1", "2024-02-20", "2.06"),
        own("ada", "vm", "s-1", "2024-02-21", "2.06"),
        own("ada", "vm", "s-2", "2024-02-20", "0.10"),
        own("ada", "web", "w-1", "2024-02-29", "1.00"),
        own("bob", "vm", "s-3", "2024-02-01", "5.00"),
    ]);
    let [ada, bob] = &report.owners[..] else { panic!("{report:?}") };
    assert_eq!((ada.total.payable, ada.total.original, ada.total.readings), (cny("5.22"), cny("12.00"), 4));
    assert_eq!((ada.total.resources, ada.units[0].total.resources), (3, 2));
    assert_eq!((ada.total.hours(), ada.units[0].kinds[0].hours()), (96.into(), 72.into()));
    assert_eq!(bob.total.payable, cny("5.00"));
    let units: Vec<_> = report.units.iter().map(|(unit, total)| (unit.as_str(), total.payable)).collect();
    assert_eq!(units, [("vm", cny("9.22")), ("web", cny("1.00"))]);
    assert_eq!((report.total.payable, report.total.readings, report.total.resources), (cny("10.22"), 5, 4));
}

#[test]
fn hours_of_parts_are_exact_whatever_unit_they_came_in() {
    // R-S3, R-U3: 2 cores and 512 MiB for a day, then half a core and 1.5 GiB for another
    let usage = |date, cpu: &str, ram: &str, unit: &str| {
        let cpu = crate::units::Quantity::parse(cpu, Unit::Core).unwrap();
        let ram = crate::units::Quantity::parse(ram, unit.parse().unwrap()).unwrap();
        let spec = Spec::default().with(Part::CPU, cpu).unwrap().with(Part::RAM, ram).unwrap();
        Some(Usage::timed(window(date), &spec).unwrap())
    };
    let first = Own { usage: usage("2024-02-20", "2", "512", "MiB"), ..own("ada", "vm", "s-1", "2024-02-20", "1") };
    let second = Own { usage: usage("2024-02-21", "0.5", "1.5", "GiB"), ..own("ada", "vm", "s-1", "2024-02-21", "1") };
    for rows in [[&first, &second], [&second, &first]] {
        let mut report = february(0);
        rows.iter().for_each(|row| report.read(&row.row()).unwrap());
        let report = report.finish().unwrap();
        let used = &report.owners[0].units[0].kinds[0].usage;
        assert_eq!(used.window(), report.days.period());
        assert_eq!(used.used(&Part::CPU).unwrap().hours(), 60.into());
        let ram = used.used(&Part::RAM).unwrap();
        assert_eq!((ram.unit(), ram.hours()), (Unit::MiB, 49_152.into()));
        assert_eq!(report.top, []);
    }
}

#[test]
fn the_most_expensive_stand_first_and_never_two_in_one_place() {
    // R-S3
    let report = finished(&[
        own("bob", "vm", "s-9", "2024-02-20", "2.00"),
        own("ada", "vm", "s-2", "2024-02-20", "2.00"),
        own("ada", "vm", "s-1", "2024-02-20", "2.00"),
        own("ada", "vm", "s-3", "2024-02-20", "2.01"),
    ]);
    let named = |items: &[TopItem]| items.iter().map(|item| item.resource.to_string()).collect::<Vec<_>>();
    assert_eq!(named(&report.top), ["s-3", "s-1"]);
    assert_eq!(named(&report.owners[1].top), ["s-9"]);
}

#[test]
fn what_is_paid_refunded_and_open_adds_up_to_what_is_payable() {
    // R-S2, R-S3: 2.06 is paid, 0.56 of it was too much; 1.00 is still open
    let (ada, vm, window) = (user("ada"), name("vm"), window("2024-02-20"));
    let row = own("ada", "vm", "s-1", "2024-02-20", "2.06");
    let mut report = february(1);
    report.read(&row.row()).unwrap();
    report.read(&ReportRow { payable: cny("-0.56"), original: cny("0"), ..row.row() }).unwrap();
    report.read(&ReportRow { payable: cny("1.00"), ..row.row() }).unwrap();
    let stated = |payable, status| StatementRow { owner: &ada, unit: &vm, window, payable: cny(payable), status };
    report.state(&stated("2.06", StatementStatus::Paid)).unwrap();
    report.state(&stated("-0.56", StatementStatus::Paid)).unwrap();
    report.state(&stated("1.00", StatementStatus::Unpaid)).unwrap();
    report.state(&stated("9.00", StatementStatus::Cancelled)).unwrap();
    let legs = [
        PaidLeg { by: SourceKind::Coupon, amount: cny("2.00") },
        PaidLeg { by: SourceKind::Balance, amount: cny("0.05") },
        PaidLeg { by: SourceKind::StoredCard, amount: cny("0.01") },
    ];
    report.pay(&PaymentRow { owner: &ada, unit: &vm, window, legs: &legs }).unwrap();
    let refund = |amount, because| RefundRow { owner: &ada, unit: &vm, window, amount: cny(amount), because };
    report.refund(&refund("0.56", RefundReason::Correction)).unwrap();
    report.refund(&refund("0.10", RefundReason::Other)).unwrap();
    let mut unsettled = report.clone();
    unsettled.state(&stated("0.01", StatementStatus::Unpaid)).unwrap();

    let total = report.finish().unwrap().total;
    assert_eq!((total.payable, total.open, total.statements), (cny("2.50"), cny("1.00"), 3));
    assert_eq!((total.by_coupon(), total.by_balance()), (cny("2.00"), cny("0.05")));
    assert_eq!(total.by(SourceKind::StoredCard), cny("0.01"));
    assert_eq!((total.refunded, total.corrected), (cny("0.66"), cny("0.56")));
    total.check_settled().unwrap();
    let fault = unsettled.finish().unwrap().total.check_settled().unwrap_err();
    assert_eq!(fault.details(), [("whole", "2.50".to_owned()), ("parts", "2.51".to_owned())]);
}

#[test]
fn owners_stand_in_it_from_the_month_on_in_which_they_came() {
    // R-S3: only owners that existed before the period's end
    let mut report = february(1);
    report.owner(&user("early"), "2024-02-29T23:59:59.999999Z".parse().unwrap()).unwrap();
    report.owner(&user("late"), "2024-03-01T00:00:00Z".parse().unwrap()).unwrap();
    let shown = report.clone().finish().unwrap();
    assert_eq!(shown.owners.iter().map(|owner| owner.owner.id()).collect::<Vec<_>>(), ["early"]);
    assert_eq!((shown.left_out, shown.total.payable), (1, cny("0")));

    report.read(&own("late", "vm", "s-1", "2024-02-20", "1").row()).unwrap();
    assert_eq!(report.clone().finish().unwrap_err().code(), "statement.owner_too_new");
    let again = report.owner(&user("late"), "2024-03-02T00:00:00Z".parse().unwrap());
    assert_eq!(again.unwrap_err().code(), "statement.owner_created_twice");
}

#[test]
fn faults_of_rows_have_their_codes() {
    let code = |change: fn(&mut ReportRow<'_>)| {
        let own = own("ada", "vm", "s-1", "2024-02-20", "1");
        let mut row = own.row();
        change(&mut row);
        february(1).read(&row).map_err(|error| error.code())
    };
    assert_eq!(code(|_| ()), Ok(()));
    assert_eq!(code(|row| row.window = window("2024-03-01")), Err("statement.outside_days"));
    assert_eq!(code(|row| row.window = window("2024-01-31")), Err("statement.outside_days"));
    assert_eq!(code(|row| row.lifetime_micros = Some(-86_400_000_000)), Ok(()));
    assert_eq!(code(|row| row.lifetime_micros = Some(86_400_000_001)), Err("statement.lifetime_out_of_range"));
    assert_eq!(code(|row| row.lifetime_micros = Some(i64::MIN)), Err("statement.lifetime_out_of_range"));
    let dollars = Money::parse("1", "USD".parse().unwrap()).unwrap();
    let own = own("ada", "vm", "s-1", "2024-02-20", "1");
    let mut report = february(1);
    let mixed = report.read(&ReportRow { payable: dollars, ..own.row() });
    assert_eq!(mixed.unwrap_err().code(), "money.currency_mismatch");
    let usage = Usage::counted(window("2024-02-21"), &Spec::scan(true, false));
    let other = report.read(&ReportRow { usage: Some(&usage), ..own.row() });
    assert_eq!(other.unwrap_err().code(), "statement.other_window");
    let below = [PaidLeg { by: SourceKind::Balance, amount: cny("-0.01") }];
    let pay = PaymentRow { owner: &own.owner, unit: &own.unit, window: own.window, legs: &below };
    assert_eq!(report.pay(&pay).unwrap_err().code(), "statement.negative_amount");

    // Timed once and counted once.
    let counted = Usage::counted(own.window, &Spec::size_gib("1").unwrap());
    let timed = Usage::timed(own.window, &Spec::size_gib("1").unwrap()).unwrap();
    for usage in [&counted, &timed] {
        report.read(&ReportRow { usage: Some(usage), ..own.row() }).unwrap();
    }
    assert_eq!(report.finish().unwrap_err().code(), "metering.mixed_measures");
}

#[test]
fn sums_past_28_digits_are_an_error() {
    let own = own("ada", "vm", "s-1", "2024-02-20", "79228162514264337593543950335");
    let mut report = february(1);
    report.read(&own.row()).unwrap();
    report.read(&own.row()).unwrap();
    assert_eq!(report.finish().unwrap_err().code(), "money.overflow");
}
