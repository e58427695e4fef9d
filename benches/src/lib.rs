//! Inputs that the benches share: a server-day as portals have them.

pub mod columns;
pub mod growth;
pub mod kernels;
pub mod numbers;
pub mod placement;
pub mod refund;
pub mod report;

use counterfoil::{
    error::Error,
    metering::{History, Span, Spec},
    money::{CNY, Money},
    pricing::{
        RateCard, Shape, Tier,
        inquiry::{PartRequest, Stock},
    },
    time::Period,
    units::{Quantity, Unit},
    wallet::{
        Category, Charge, CostBasis, Coupon, CouponStatus, CouponTerms, Coupons, Fund, FundKind, FundTerms, Funding,
        FundingOrder, Owner, Scope,
    },
};

/// The day that is metered.
///
/// # Errors
/// None: the text is fixed.
pub fn day() -> Result<Period, Error> {
    Ok(Period::parse("2024-02-20T00:00:00Z", "2024-02-21T00:00:00Z")?)
}

/// A server that was rebuilt twice and converted to pre-paid during [`day`].
///
/// # Errors
/// None: the text is fixed.
pub fn server_with_three_changes() -> Result<History, Error> {
    let at = |clock: &str| format!("2024-02-20T{clock}Z").parse();
    Ok(History::new([
        Span::post_paid("2024-01-05T08:30:00Z".parse()?, Some(at("03:10:05.25")?), Spec::server("2", "4", "50", true)?),
        Span::post_paid(at("03:10:05.25")?, Some(at("11:45:30")?), Spec::server("4", "8", "100", true)?),
        Span::post_paid(at("11:45:30")?, Some(at("18:20:00")?), Spec::server("8", "16", "100", true)?),
        Span::pre_paid(at("18:20:00")?, None, Spec::server("8", "16", "100", true)?),
    ])?)
}

/// A server in which nothing changed.
///
/// # Errors
/// None: the text is fixed.
pub fn server_without_changes() -> Result<History, Error> {
    Ok(History::new([Span::post_paid("2024-01-05T08:30:00Z".parse()?, None, Spec::server("2", "4", "50", true)?)])?)
}

/// The portal's own price list for servers.
///
/// # Errors
/// None: the text is fixed.
pub fn portal_card() -> Result<RateCard, Error> {
    Ok(RateCard::from_toml(
        r#"
        revision = "bench"
        currency = "CNY"
        rates = [
            { kind = "server", part = "base", price = "0", per = "count", every = "hour" },
            { kind = "server", part = "cpu", price = "0.066", per = "core", every = "hour" },
            { kind = "server", part = "ram", price = "0.012", per = "GiB", every = "hour" },
            { kind = "server", part = "disk", price = "0.122", per = "GiB", every = "hour" },
            { kind = "server", part = "public_ip", price = "0.66", per = "count", every = "hour" },
        ]
        "#,
    )?)
}

/// Four graduated tiers.
///
/// # Errors
/// None: the text is fixed.
pub fn four_tiers() -> Result<Shape, Error> {
    Ok(Shape::graduated(&[
        Tier::up_to("100", "1.00")?,
        Tier::up_to("200", "0.80")?,
        Tier::up_to("1000", "0.50")?,
        Tier::rest("0.25")?,
    ])?)
}

/// The parts of a reseller's centre.
///
/// # Errors
/// None: the text is fixed.
pub fn centre() -> Result<RateCard, Error> {
    Ok(RateCard::from_toml(
        r#"
        revision = "bench"
        currency = "CNY"
        rates = [
            { kind = "container", part = "cpu", model = "PLATINUM 8582C", price = "1.5", per = "core", every = "hour" },
            { kind = "container", part = "memory", model = "DDR4", price = "0.005", per = "MiB", every = "hour" },
            { kind = "container", part = "disk", model = "DATA", price = "0.01", per = "GiB", every = "hour" },
            { kind = "container", part = "gpu", model = "RTX5090-32G", price = "6", per = "card", every = "hour" },
        ]
        "#,
    )?)
}

/// What the reseller's figure asks for (R-P4).
///
/// # Errors
/// None: the text is fixed.
pub fn four_parts() -> Result<[PartRequest; 4], Error> {
    let request = |part: &str, amount, unit| {
        Ok::<_, Error>(PartRequest { part: part.parse()?, amount: Quantity::whole(amount, unit) })
    };
    Ok([
        request("cpu[PLATINUM 8582C]", 4, Unit::Core)?,
        request("memory[DDR4]", 8192, Unit::MiB)?,
        request("disk[DATA]", 512, Unit::GiB)?,
        request("gpu[RTX5090-32G]", 2, Unit::Card)?,
    ])
}

/// Enough of [`four_parts`], in two clusters.
///
/// # Errors
/// None: the text is fixed.
pub fn four_stocks() -> Result<Stock, Error> {
    let mut rows = Vec::new();
    for PartRequest { part, amount } in four_parts()? {
        for cluster in ["east", "west"] {
            rows.push((part.clone(), cluster.parse()?, amount));
        }
    }
    Ok(Stock::new(rows)?)
}

/// Ten coupons of 10.00 each, all usable, in no particular order.
///
/// # Errors
/// None: the text is fixed.
pub fn ten_coupons() -> Result<Vec<Coupon>, Error> {
    let coupon = |index: u32| {
        let expires = (index * 7) % 10 + 1; // the next to expire are not the first in the list
        Ok(Coupon::new(CouponTerms {
            id: format!("coupon-{index}"),
            face_value: Money::parse("100.00", CNY)?,
            balance: Money::parse("10.00", CNY)?,
            status: CouponStatus::Available,
            effective: "2024-01-01T00:00:00Z".parse()?,
            expiration: format!("2024-03-{expires:02}T00:00:00Z").parse()?,
            created: "2023-12-01T00:00:00Z".parse()?,
            owner: Some(Owner::User("ada".into())),
            unit: Some("vm".into()),
            scope: Scope::Unit,
            category: Category::Server,
        })?)
    };
    (0..10).map(coupon).collect()
}

/// A charge that takes all of [`ten_coupons`].
///
/// # Errors
/// None: the text is fixed.
pub fn charge_of_ten_coupons() -> Result<Charge, Error> {
    Ok(Charge {
        application: "portal".into(),
        order: "2024-02-20/ada".into(),
        unit: "vm".into(),
        payer: Owner::User("ada".into()),
        amount: Money::parse("99.99", CNY)?,
        coupons: Coupons::Automatic,
        funding: Funding::EnoughFunds,
    })
}

/// Ten funds of mixed kinds beside the coupons and the balance, in no particular order.
///
/// # Errors
/// None: the text is fixed.
pub fn ten_funds() -> Result<Vec<Fund>, Error> {
    let fund = |index: u32| {
        let expires = (index * 7) % 10 + 1;
        Ok(Fund::new(FundTerms {
            kind: match index % 4 {
                0 => FundKind::Credit,
                2 => FundKind::CashCoupon,
                _ => FundKind::StoredCard,
            },
            id: format!("fund-{index}"),
            owner: Owner::User("ada".into()),
            balance: Money::parse("10.00", CNY)?,
            priority: None,
            effective: None,
            expiration: Some(format!("2024-03-{expires:02}T00:00:00Z").parse()?),
            created: "2023-12-01T00:00:00Z".parse()?,
            basis: CostBasis::Paid,
            units: vec![],
            order: None,
            most: None,
        })?)
    };
    (0..10).map(fund).collect()
}

/// A charge that takes all of [`ten_funds`], by the order of a public cloud.
///
/// # Errors
/// None: the text is fixed.
pub fn charge_of_ten_funds() -> Result<Charge, Error> {
    Ok(Charge { funding: Funding::Order(FundingOrder::BSS_ON_DEMAND), ..charge_of_ten_coupons()? })
}
