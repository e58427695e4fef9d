//! The program as people call it: what it prints, what it draws, and how it ends.

#![allow(clippy::expect_used, reason = "a test: a fault must stop it")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ip-plan")).args(arguments).current_dir(folder).output().expect("it runs")
}

fn printed(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let output = run(folder.path(), arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn refused(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let output = run(folder.path(), arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).expect("text")
}

#[test]
fn the_sample_is_shown_and_drawn() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = run(folder.path(), &[]);
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.contains("10.40.0.0/20: 4,096 addresses, 56.64 % used"), "{text}");
    assert!(text.contains("2001:db8:40::/48: 2^80 addresses"), "{text}");
    let map = fs::read_to_string(folder.path().join("ip-plan.svg")).expect("a map");
    assert!(map.starts_with("<svg ") && map.contains("10.40.4.0/22 physics (reserved): 1024 addresses"));
    assert_eq!(map.matches("class=\"line\"").count(), 16);
}

#[test]
fn a_plan_of_many_pieces_is_counted_and_not_listed() {
    // R-I3: 2^64 pieces.
    let text = printed(&["split", "2001:db8::/32", "--into", "96", "--show", "2"]);
    assert!(text.contains("in 2^64 pieces of /96"), "{text}");
    assert!(text.contains("2001:db8::1:0:0/96") && !text.contains("2001:db8::2:0:0/96"), "{text}");
}

#[test]
fn the_smallest_plan_beside_the_portals() {
    // R-I5, R-I6: both leave eight /24 of a /16 in 13 pieces.
    let portal = printed(&["mini-split", "10.0.0.0/16", "--into", "24"]);
    assert!(portal.contains("in 13 pieces, of which 8 full of /24"), "{portal}");
    let smallest = printed(&["plan", "10.0.0.0/16", "--want", "24:8"]);
    assert!(smallest.contains("in 13 pieces, of which 8 wanted"), "{smallest}");
    let pieces = |text: &str| {
        text.lines().skip(3).map(|line| line.split_whitespace().next().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(pieces(&portal), pieces(&smallest));
}

#[test]
fn rows_of_a_file_are_used_placed_beside_and_compared() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    write("old.csv", "id,range,status,asn,owner\na,2001:db8::/34,assigned,1,lab\nb,2001:db8:4000::/34,wait,,\n");
    write("new.csv", "id,range,status,asn,owner\na,2001:db8::/34,assigned,1,lab\nc,2001:db8:4000::/35,wait,,\n");
    let text = |arguments: &[&str]| {
        let output = run(folder.path(), arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    let usage = text(&["usage", "2001:db8::/32", "--rows", "old.csv", "--svg", "map.svg"]);
    assert!(usage.contains("25.00 % used"), "{usage}");
    assert!(fs::read_to_string(folder.path().join("map.svg")).is_ok());
    let placed = text(&["allocate", "2001:db8::/32", "--rows", "old.csv", "--want", "34:2", "--policy", "rightmost"]);
    assert!(placed.contains("2001:db8:c000::/34") && placed.contains("2001:db8:8000::/34"), "{placed}");
    let diff = text(&["diff", "old.csv", "new.csv"]);
    assert!(diff.starts_with("delete 1, create 1, keep 1"), "{diff}");
}

#[test]
fn lists_aggregate_and_overlap() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    write("a.txt", "# ours\n10.0.0.0/25\n10.0.0.128/25\n010.0.1.0/24\n");
    write("b.txt", "10.0.0.0/23\n10.0.0.0/24\n");
    let output = run(folder.path(), &["lists", ".", "--svg", "map.svg"]);
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.contains("a:4:") && text.contains("(ipam.address)"), "{text}");
    let figures: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
    assert!(figures.contains(&vec!["a", "2", "0", "1", "1", "256", "<", "0.01", "%"]), "{text}");
    assert!(figures.contains(&vec!["b", "2", "1", "1", "1", "512", "<", "0.01", "%"]), "{text}");
    assert!(figures.contains(&vec!["a", "b", "256", "100.00", "%", "50.00", "%"]), "{text}");
}

#[test]
fn what_is_wrong_is_told_with_its_code() {
    for (arguments, code) in [
        (vec!["split", "1.2.3.4/33", "--into", "33"], "ipam.length"),
        (vec!["split", "010.0.0.0/8", "--into", "9"], "ipam.address"),
        (vec!["split", "10.0.0.0/16", "--into", "8"], "ipam."),
        (vec!["plan", "10.0.0.0/16", "--want", "15"], "ipam.not_enough_room"),
        (vec!["plan", "10.0.0.0/16", "--want", "24:x"], "`24:x` is not `length` or `length:count`"),
        (vec!["usage", "10.0.0.1/16"], "ipam.host_bits"),
        (vec!["allocate", "10.0.0.0/16", "--want", "32:10001"], "10000 at once"),
        (vec!["lists", "nowhere"], "nowhere"),
    ] {
        let message = refused(&arguments);
        assert!(message.starts_with("ip-plan: ") && message.contains(code), "{arguments:?}: {message}");
    }
}
