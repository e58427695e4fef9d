//! Free packages are consumed before anything is rated (R-P12): what is taken from which, and what the rest costs.
//!
//! Run: `cargo run -p inquiries --example packages`

use counterfoil::{
    money::Rounding,
    pricing::{
        Every, Rate,
        package::{Covered, FreePackage, FreePackageTerms, PackageState, PackageUse, Packages, Reset},
    },
    units::Unit,
};

fn main() -> anyhow::Result<()> {
    let traffic = Covered { kind: "cdn".parse()?, part: "traffic".parse()? };
    let yearly = FreePackageTerms {
        id: "yearly".parse()?,
        covers: vec![traffic.clone()],
        quota: "40 GB".parse()?,
        effective: "2019-10-10T00:00:00+08:00".parse()?,
        purchased: "2019-10-09T10:00:00+08:00".parse()?,
        term_months: 12,
        reset: Reset::EveryMonths(1),
        zone: "Asia/Shanghai".parse()?,
    };
    let monthly = FreePackageTerms {
        id: "monthly".parse()?,
        effective: "2019-10-12T00:00:00+08:00".parse()?,
        term_months: 1,
        reset: Reset::Never,
        ..yearly.clone()
    };
    let packages = Packages::new([FreePackage::new(yearly)?, FreePackage::new(monthly)?])?;
    for at in ["2019-10-13T00:00:00+08:00", "2019-11-11T00:00:00+08:00"] {
        let order = packages.order(&traffic, at.parse()?)?;
        let order: Vec<String> =
            order.iter().map(|of| format!("{} (until {})", of.package.id(), of.window.period.end())).collect();
        println!("at {at}: {}", order.join(", "));
    }

    let used = PackageUse { of: traffic, at: "2019-10-13T00:00:00+08:00".parse()?, amount: "140 GB".parse()? };
    let plan = packages.consume(&used, &PackageState::NOTHING_CONSUMED)?;
    println!("\n{}", plan.derivation());
    for row in plan.after().rows() {
        println!("keep: {} window {}: {} consumed", row.package, row.window, row.amount);
    }

    let per_gb = Rate::per_unit("0.24".parse()?, Unit::GB, Every::Once);
    println!("\n{}", plan.rate_excess(&per_gb, Rounding::BSS)?.derivation());
    Ok(())
}
