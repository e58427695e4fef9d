//! Killed with `kill -9` anywhere, and run again: the store is that of an undisturbed run.

use crate::portal::Portal;
use std::{
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

/// How many kills must land while the program runs.
const KILLS: usize = 24;
/// How many of them are to find the store half written, if luck will have it.
const HALF_WAY: usize = 20;
/// How often one store is killed before it may finish.
const IN_A_ROW: usize = 4;
const SEED: u64 = 20_240_331;

#[test]
fn killed_anywhere_it_is_finished_by_the_next_run() {
    let undisturbed = Portal::new();
    let started = Instant::now();
    undisturbed.done(&[]);
    let whole = started.elapsed();
    let reference = undisturbed.dump();

    let mut random = SEED;
    let (mut kills, mut half_way) = (0, 0);
    println!("seed {SEED}, a whole run takes {whole:?}");
    while kills < KILLS || (half_way < HALF_WAY && kills < 3 * KILLS) {
        let portal = Portal::new();
        for _ in 0..IN_A_ROW {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let delay = whole.mul_f64((random >> 33) as f64 / f64::from(1_u32 << 31) / IN_A_ROW as f64 * 2.0);
            let killed = kill_after(&portal, delay);
            kills += usize::from(killed);
            if portal.store().exists() {
                let rows = portal.dump().lines().count();
                half_way += usize::from(killed && rows > 0 && rows < reference.lines().count());
                println!("kill {kills} after {delay:?}: {}, {rows} rows", if killed { "landed" } else { "too late" });
            } else {
                println!("kill {kills} after {delay:?}: before there was a store");
            }
        }
        portal.done(&[]);
        assert!(portal.dump() == reference, "after kill {kills} of seed {SEED} the store is another one");
    }
    println!("{kills} kills, {half_way} of them between the first row and the last");
}

/// Whether the program was still running when it was killed.
fn kill_after(portal: &Portal, delay: Duration) -> bool {
    let mut command = portal.command(&[]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    thread::sleep(delay);
    let running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    running
}
