//! What is asked in each round: decided by the seed, the client, the writer and the round, and by nothing that happens.

use crate::{
    operations::{ABOVE_ALL, GiveBack, Kind, Operation, Place},
    random::Random,
    ranges::RangeChange,
    world::{Beyond, World},
};

/// How many rounds back what is refunded, captured or redeemed was asked, at most.
const BACK: u32 = 24;

/// How many rounds have one day.
const ROUNDS_OF_A_DAY: u32 = 16;

/// How often a plan is renewed at most.
const RENEWALS: u32 = 2;

/// How many servers a wallet has at most.
const SERVERS: usize = 3;

/// How many statements of a day of a wallet are settled by their ids: corrections after the day's own.
const SETTLED: u32 = 3;

/// How many of a hundred are of each kind.
const ODDS: [(Kind, u32); 19] = [
    (Kind::Charge, 23),
    (Kind::ChargeAboveFunds, 3),
    (Kind::TopUp, 11),
    (Kind::Refund, 11),
    (Kind::Authorise, 7),
    (Kind::Capture, 5),
    (Kind::Void, 3),
    (Kind::Release, 2),
    (Kind::Issue, 3),
    (Kind::Redeem, 3),
    (Kind::RedeemByWrongCode, 1),
    (Kind::Cancel, 2),
    (Kind::ChangeRange, 4),
    (Kind::StartPlan, 2),
    (Kind::RenewPlan, 3),
    (Kind::RecordDay, 5),
    (Kind::CorrectDay, 5),
    (Kind::SettleStatement, 5),
    (Kind::SettleDay, 3),
];

impl World {
    /// What a writer asks in a round: now and then what another one asks at about that time.
    pub(crate) fn operation(&self, place: Place) -> Operation {
        let mut random = self.random(place, 0);
        if !random.one_in(8) {
            return self.own(place);
        }
        let round = (place.round + random.below(7)).saturating_sub(3);
        self.own(Place { client: random.below(self.clients), writer: random.below(self.writers), round })
    }

    /// What is made for a place.
    fn own(&self, place: Place) -> Operation {
        let (kind, mut random) = (self.kind(place), self.random(place, 2));
        let earlier = |random: &mut Random, kind| self.earlier(random, place, kind);
        let (id, some) = (place.to_string(), &mut random);
        match kind {
            Kind::Charge => self.charge(id, some),
            Kind::ChargeAboveFunds => {
                let wallet = self.wallet_without_more(some);
                Operation::Charge { order: id, wallet, cents: ABOVE_ALL, coupons: None, only_coupons: false }
            }
            Kind::TopUp => self.top_up(id, some),
            Kind::Authorise => {
                let (wallet, cents) = (self.wallet(some), i64::from(some.between(1, 30_00)));
                Operation::Authorise { order: id, wallet, cents, lasts_ms: some.between(20, 4_000) }
            }
            Kind::Release => Operation::Release,
            Kind::Issue => {
                let (code, cents) = (format!("code of {id}"), i64::from(some.between(1, 40_00)));
                Operation::Issue { coupon: id, code, cents }
            }
            Kind::Cancel if some.one_in(2) => {
                let wallet = self.wallet(some);
                let coupon = World::coupons(wallet).nth(some.below(3) as usize);
                Operation::Cancel { coupon: coupon.unwrap_or(id) }
            }
            Kind::Refund => match earlier(some, Kind::Charge).map(|charge| self.own(charge)) {
                Some(Operation::Charge { order, cents, .. }) => refund(id, order, cents, some),
                _ => self.top_up(id, some),
            },
            Kind::Capture => match earlier(some, Kind::Authorise).map(|lock| self.own(lock)) {
                Some(Operation::Authorise { order, cents, .. }) => {
                    Operation::Capture { order, cents: part(cents, some) }
                }
                _ => self.top_up(id, some),
            },
            Kind::Void => match earlier(some, Kind::Authorise) {
                Some(lock) => Operation::Void { order: lock.to_string() },
                None => self.top_up(id, some),
            },
            Kind::Redeem | Kind::RedeemByWrongCode | Kind::Cancel => match earlier(some, Kind::Issue) {
                Some(issued) => {
                    let coupon = issued.to_string();
                    match kind {
                        Kind::Cancel => Operation::Cancel { coupon },
                        Kind::Redeem => {
                            Operation::Redeem { code: format!("code of {coupon}"), coupon, wallet: self.wallet(some) }
                        }
                        _ => Operation::Redeem { code: "guessed".to_owned(), coupon, wallet: self.wallet(some) },
                    }
                }
                None => self.top_up(id, some),
            },
            Kind::ChangeRange => match earlier(some, Kind::ChangeRange).map(|change| self.own(change)) {
                Some(Operation::ChangeRange(change)) if !some.one_in(4) => {
                    Operation::ChangeRange(change.then(id, some))
                }
                _ => Operation::ChangeRange(RangeChange::enter(id, some)),
            },
            Kind::StartPlan => {
                Operation::StartPlan { plan: id, wallet: self.wallet(some), cents: some.between(1, 5_00).into() }
            }
            Kind::RenewPlan => match earlier(some, Kind::StartPlan) {
                Some(plan) => Operation::RenewPlan { plan: plan.to_string(), asked: some.below(RENEWALS) },
                None => self.top_up(id, some),
            },
            Kind::RecordDay => {
                let (wallet, day) = self.recorded(place);
                Operation::RecordDay { wallet, day, hours: hours(some) }
            }
            Kind::CorrectDay | Kind::SettleStatement | Kind::SettleDay => match earlier(some, Kind::RecordDay) {
                Some(recorded) => {
                    let (wallet, day) = self.recorded(recorded);
                    match kind {
                        Kind::CorrectDay => Operation::CorrectDay { wallet, day, hours: hours(some) },
                        Kind::SettleStatement => {
                            Operation::SettleStatement { wallet, day, sequence: some.below(SETTLED) }
                        }
                        _ => Operation::SettleDay { day },
                    }
                }
                None => self.top_up(id, some),
            },
        }
    }

    /// The wallet and the day that are recorded at a place.
    fn recorded(&self, place: Place) -> (u32, u32) {
        (self.wallet(&mut self.random(place, 3)), place.round / ROUNDS_OF_A_DAY)
    }

    fn charge(&self, order: String, random: &mut Random) -> Operation {
        let (wallet, cents) = (self.wallet(random), i64::from(random.between(0, 25_00)));
        let (is_named, only_coupons) = (random.one_in(4), random.one_in(10));
        let some = |random: &mut Random| World::coupons(wallet).filter(|_| random.one_in(2)).collect();
        let coupons = is_named.then(|| some(random));
        Operation::Charge { order, wallet, cents, coupons, only_coupons }
    }

    fn top_up(&self, id: String, random: &mut Random) -> Operation {
        Operation::TopUp { id, wallet: self.wallet(random), cents: i64::from(random.between(1, 25_00)) }
    }

    /// A place of an earlier round, of whichever writer, for which something of a kind is made.
    fn earlier(&self, random: &mut Random, place: Place, kind: Kind) -> Option<Place> {
        (0..64).find_map(|_| {
            let round = place.round.checked_sub(random.between(1, BACK))?;
            let (client, writer) = match random.one_in(2) {
                true => (place.client, place.writer),
                false => (random.below(self.clients), random.below(self.writers)),
            };
            let earlier = Place { client, writer, round };
            (self.kind(earlier) == kind).then_some(earlier)
        })
    }

    /// A wallet that pays by what it holds and nothing else.
    fn wallet_without_more(&self, random: &mut Random) -> u32 {
        let wallet = self.wallet(random);
        if Beyond::of(wallet) == Beyond::Nothing { wallet } else { 0 }
    }

    fn kind(&self, place: Place) -> Kind {
        let mut left = self.random(place, 1).below(ODDS.iter().map(|(_, odds)| odds).sum());
        for (kind, odds) in ODDS {
            match left.checked_sub(odds) {
                Some(less) => left = less,
                None => return kind,
            }
        }
        Kind::TopUp
    }

    fn random(&self, place: Place, purpose: u32) -> Random {
        Random::of(self.seed, &[place.client, place.writer, place.round, purpose])
    }
}

fn refund(id: String, order: String, paid: i64, random: &mut Random) -> Operation {
    let cents = part(paid, random);
    let fee = if random.one_in(10) { cents / 10 } else { 0 };
    let returned = random.pick(["proportional", "reverse_deduction", "paid_first", "free_first"], "proportional");
    let give_back = random.pick(
        [GiveBack::SameCoupon, GiveBack::BalanceIfExpired, GiveBack::Balance, GiveBack::RecordedOnly],
        GiveBack::SameCoupon,
    );
    Operation::Refund { id, order, cents, fee, returned: returned.to_owned(), give_back }
}

/// How long each of some servers ran; a day without any comes too.
fn hours(random: &mut Random) -> Vec<u32> {
    (0..SERVERS).map(|_| if random.one_in(4) { 0 } else { random.between(1, 24) }).collect()
}

/// All of an amount, or some of it.
fn part(cents: i64, random: &mut Random) -> i64 {
    let most = u32::try_from(cents).unwrap_or(u32::MAX);
    i64::from(if random.one_in(3) { most } else { random.between(0, most) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    const WORLD: World = World { seed: 7, clients: 4, writers: 4, wallets: 50 };

    fn places() -> impl Iterator<Item = Place> {
        (0..4).flat_map(|client| {
            (0..4).flat_map(move |writer| (0..200).map(move |round| Place { client, writer, round }))
        })
    }

    #[test]
    fn a_seed_asks_the_same_always_and_another_seed_something_else() {
        let other = World { seed: 8, ..WORLD };
        assert!(places().all(|place| WORLD.operation(place) == WORLD.operation(place)));
        let differ = places().filter(|place| WORLD.operation(*place) != other.operation(*place)).count();
        assert!(differ > 3_000, "{differ} of 3200 differ");
    }

    #[test]
    fn every_kind_comes_and_some_things_are_asked_by_several() {
        let (mut kinds, mut asked) = (BTreeMap::new(), BTreeMap::<Operation, usize>::new());
        for place in places() {
            let operation = WORLD.operation(place);
            *kinds.entry(operation.kind()).or_insert(0) += 1;
            *asked.entry(operation).or_default() += 1;
        }
        assert!(ODDS.iter().all(|(kind, _)| kinds.get(kind).is_some_and(|count| *count > 10)), "{kinds:?}");
        let again = asked.iter().filter(|(operation, count)| operation.kind() == Kind::Charge && **count > 1).count();
        assert!(again > 50, "{again} charges are asked more than once");
    }

    #[test]
    fn most_of_it_is_asked_of_few_wallets() {
        let charges = places().filter_map(|place| match WORLD.operation(place) {
            Operation::Charge { wallet, .. } => Some(wallet),
            _ => None,
        });
        let (hot, cold): (Vec<u32>, Vec<u32>) = charges.partition(|wallet| *wallet < 10);
        assert!(hot.len() > 3 * cold.len() && cold.len() > 50, "{} and {}", hot.len(), cold.len());
    }

    #[test]
    fn what_is_refunded_was_charged_at_an_earlier_place() {
        let orders: BTreeMap<String, i64> = places()
            .filter_map(|place| match WORLD.own(place) {
                Operation::Charge { order, cents, .. } => Some((order, cents)),
                _ => None,
            })
            .collect();
        for place in places() {
            if let Operation::Refund { order, cents, fee, .. } = WORLD.own(place) {
                assert!(cents <= orders[&order] && fee <= cents, "{place}");
            }
        }
    }
}
