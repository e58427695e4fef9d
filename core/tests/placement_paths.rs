//! Every way to compare gives the answer of every node asked by itself.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test: a fault must stop it")]

mod placement_world;

use counterfoil::placement::*;
use placement_world::{Model, World};
use proptest::prelude::*;

const PATHS: [Path; 5] = [Path::Fastest, Path::Ranked, Path::Lanes32, Path::Lanes64, Path::PerNode];

fn checkings() -> impl Iterator<Item = Checking> {
    let tellings = [Telling::Every, Telling::FirstCheck];
    let details = [Detail::Verdicts, Detail::Reasons, Detail::Nearest];
    tellings.into_iter().flat_map(move |telling| {
        details.into_iter().map(move |detail| Checking { telling, detail, path: Path::Fastest })
    })
}

fn all_agree(world: &World) {
    let snapshot = world.snapshot();
    assert!(snapshot.agrees_with_itself());
    let model = Model { snapshot: &snapshot, rules: &world.rules };
    for checking in checkings() {
        let expected = model.check(&world.products, checking);
        for path in PATHS {
            let check = snapshot.check(&world.products, &world.rules, Checking { path, ..checking }).unwrap();
            assert_eq!(check.greyed, expected.greyed, "{path:?} {checking:?}");
            for ((is, should_be), product) in check.verdicts.iter().zip(&expected.verdicts).zip(&world.products) {
                assert_eq!(is, should_be, "{path:?} {checking:?} {product:?} {:?}", world.rules);
            }
        }
    }
    for product in &world.products {
        for telling in [Telling::Every, Telling::FirstCheck] {
            let explanation = snapshot.explain(product, &world.rules, telling).unwrap();
            assert_eq!(explanation, model.explanation(product, telling));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn small_worlds(seed: u64, nodes in 0_usize..7, running in 0_usize..8, products in 0_usize..12) {
        all_agree(&World::new(seed, nodes, running, products));
    }
}

/// More nodes than a block has, and more products than one comparison is worth.
#[test]
fn worlds_beyond_one_block() {
    for (seed, nodes, products) in [(1, 511, 3), (2, 512, 9), (3, 513, 9), (4, 1025, 12)] {
        all_agree(&World::new(seed, nodes, nodes, products));
    }
}

/// More products than a batch has.
#[test]
fn catalogues_beyond_one_batch() {
    let world = World::new(7, 20, 30, 1300);
    let snapshot = world.snapshot();
    let model = Model { snapshot: &snapshot, rules: &world.rules };
    let check = snapshot.check(&world.products, &world.rules, Checking::NEAREST).unwrap();
    assert_eq!(check, model.check(&world.products, Checking::NEAREST));
    assert!(check.greyed.len() > 100 && check.greyed.len() < 1250, "{}", check.greyed.len());
}

#[test]
fn a_product_of_too_many_resources_is_refused() {
    let snapshot = Snapshot::new([Node::worker("w")], [], Sharing::Named).unwrap();
    let product = |count: u64| {
        let parts = (0..count).map(|index| (Resource::Named(format!("r{index}").parse().unwrap()), 1));
        [Product::new("many", Request::new(parts).unwrap())]
    };
    let check = snapshot.check(&product(1000), &Rules::strict(), Checking::NEAREST).unwrap();
    assert_eq!(check.greyed, ["many"]);
    let error = snapshot.check(&product(1001), &Rules::strict(), Checking::VERDICTS).unwrap_err();
    assert_eq!(error.code(), "placement.too_many_resources");
}
