//! What a renewal costs: `cargo run -p inquiries --example renewal_inquiry`.

use anyhow::Result;
use counterfoil::{
    metering::{Kind, Spec},
    money::Ratio,
    pricing::inquiry::{Portal, PortalRenewal, RenewBy, Term},
};

fn main() -> Result<()> {
    let prices = inquiries::price_list()?;
    let portal = Portal::new(&prices, Ratio::parse("0.66")?)?;
    let (now, expiry) = ("2024-02-20T08:00:00Z".parse()?, "2024-03-01T00:00:00Z".parse()?);
    let renew = |by| portal.renew(&Kind::Disk, Spec::size_gib("100")?, PortalRenewal { expiry, by }, now);

    println!("by two months: {} CNY", renew(RenewBy::Term(Term::months(2)))?.payable());
    println!("until 20 March, noon: {} CNY", renew(RenewBy::Until("2024-03-20T12:00:00Z".parse()?))?.payable());

    for refused in [
        renew(RenewBy::Until("2024-02-25T00:00:00Z".parse()?)).err(),
        RenewBy::from_fields(Some(Term::months(1)), Some(now)).err(),
        RenewBy::from_fields(None, None).err(),
    ] {
        println!("refused: {}", refused.map_or_else(String::new, |error| format!("{error} ({})", error.code())));
    }
    Ok(())
}
