//! Who is disturbed when, decided by the seed.

use crate::{random::Random, servers::Stop};
use std::time::Duration;

/// How many milliseconds pass between two kills of clients, at least and at most.
const BETWEEN_KILLS: (usize, usize) = (400, 2_400);
/// How many pass between two ends of the server; a run of ten seconds has one at least, and all parts of it are killed
/// first: nothing else tells whether what was acknowledged had reached the disk.
const BETWEEN_STOPS: (usize, usize) = (3_000, 9_000);
/// How long the server is away at most.
const AWAY: usize = 1_200;

/// What happens to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    /// The client of a number is killed, and started again.
    KillClient(usize),
    /// The server is stopped, and started again after a while.
    StopServer { how: Stop, down: Duration },
}

/// What happens in a run of so many seconds, in its order.
pub(super) fn schedule(seed: u64, seconds: Duration, clients: u32, has_server: bool) -> Vec<(Duration, Event)> {
    let clients = usize::try_from(clients).unwrap_or(usize::MAX);
    let mut random = Random::new(seed);
    let mut events: Vec<(Duration, Event)> = Vec::new();
    for at in moments(&mut random, seconds, BETWEEN_KILLS) {
        events.push((at, Event::KillClient(random.below(clients))));
    }
    if has_server {
        for (number, at) in moments(&mut random, seconds, BETWEEN_STOPS).into_iter().enumerate() {
            let how = match (number, random.below(4)) {
                (0, _) | (_, 0 | 1) => Stop::AtOnce,
                (_, 2) => Stop::Killed,
                _ => Stop::Orderly,
            };
            let down = Duration::from_millis(u64::try_from(random.below(AWAY)).unwrap_or_default());
            events.push((at, Event::StopServer { how, down }));
        }
    }
    events.sort_by_key(|(at, _)| *at);
    events
}

/// Moments with random times between them.
fn moments(random: &mut Random, seconds: Duration, (least, most): (usize, usize)) -> Vec<Duration> {
    let (mut moments, mut at) = (Vec::new(), Duration::ZERO);
    loop {
        let pause = least + random.below(most - least);
        at += Duration::from_millis(u64::try_from(pause).unwrap_or_default());
        if at >= seconds {
            return moments;
        }
        moments.push(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_seed_has_one_schedule() {
        assert_eq!(schedule(1, MINUTE, 4, true), schedule(1, MINUTE, 4, true));
        assert_ne!(schedule(1, MINUTE, 4, true), schedule(2, MINUTE, 4, true));
    }

    #[test]
    fn every_client_is_killed_and_the_server_goes_in_each_way() {
        for seed in 0..50 {
            let events = schedule(seed, MINUTE, 4, true);
            assert!(events.is_sorted_by_key(|(at, _)| *at) && events.iter().all(|(at, _)| *at < MINUTE));
            let has = |wanted: &dyn Fn(&Event) -> bool| events.iter().any(|(_, event)| wanted(event));
            let killed = (0..4).filter(|client| has(&|event| *event == Event::KillClient(*client))).count();
            assert!(killed >= 3, "{killed} clients of seed {seed}");
            assert!(has(&|event| matches!(event, Event::StopServer { .. })), "{seed}");
        }
        let ways = |how| {
            let stops =
                |(_, event): &(Duration, Event)| matches!(event, Event::StopServer { how: by, .. } if *by == how);
            (0..50).flat_map(|seed| schedule(seed, MINUTE, 4, true)).filter(stops).count()
        };
        assert!([Stop::Orderly, Stop::Killed, Stop::AtOnce].iter().all(|how| ways(*how) > 50));
    }

    #[test]
    fn a_file_has_no_server_to_stop_and_ten_seconds_have_room_for_a_kill_of_one_that_is_there() {
        let is_stop = |(_, event): &(Duration, Event)| matches!(event, Event::StopServer { .. });
        let is_kill = |(_, event): &(Duration, Event)| matches!(event, Event::StopServer { how: Stop::AtOnce, .. });
        let ten = Duration::from_secs(10);
        assert!((0..50).all(|seed| !schedule(seed, ten, 4, false).iter().any(is_stop)));
        assert!((0..50).all(|seed| schedule(seed, ten, 4, true).iter().any(is_kill)));
    }
}
