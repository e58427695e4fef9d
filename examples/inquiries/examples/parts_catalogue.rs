//! A centre's parts: what they cost, what there is in each cluster, and what is refused.
//!
//! ```sh
//! cargo run -p inquiries --example parts_catalogue
//! ```

use counterfoil::{
    error::Language,
    metering::Part,
    pricing::{Catalogue, Every, IfListed, Lease, Locked, NewPart, PartKey, Rate},
    units::{Name, Quantity, Unit},
};

fn main() -> anyhow::Result<()> {
    let (x, n): (Name, Name) = ("X".parse()?, "N".parse()?);
    let key = |model: &str| -> anyhow::Result<PartKey> {
        Ok(PartKey { centre: "jinan".parse()?, part: Part::gpu(model.parse()?) })
    };
    let cards = |count| Quantity::whole(count, Unit::Card);
    let rate = Rate::per_unit(6.into(), Unit::Card, Every::Hour);
    let (standard, a100) = (key("STANDARD-8G")?, key("A100-80G")?);
    let new = |key: &PartKey| NewPart { key: key.clone(), rate: rate.clone(), unit: Unit::Card };

    let catalogue = Catalogue::default()
        .add(new(&standard), IfListed::Refuse)?
        .add(new(&a100), IfListed::Refuse)?
        .supply(&standard, &x, cards(2))?
        .supply(&standard, &n, cards(3))?;
    let sold = catalogue.consume(&standard, &x, cards(2))?;
    for (key, listing) in sold.parts() {
        let (stock, rate) = (listing.stock(), listing.rate());
        let [english, chinese] = [Language::English, Language::Chinese].map(|language| stock.text(language));
        println!("{key}: {rate} per {} per hour; {english} / {chinese}, {} free", rate.per, stock.free());
    }
    for refused in [sold.consume(&standard, &x, cards(1)), sold.add(new(&standard), IfListed::Refuse)] {
        if let Err(error) = refused {
            println!("{error}");
        }
    }

    let rates = Lease::new(15)?.leased(6)?.locked(2)?.rates(Locked::IsNotIdle)?;
    println!("{}{}", rates.derivation(), rates.derivation().text(Language::Chinese));
    Ok(())
}
