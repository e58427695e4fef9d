//! The program as people call it: what it prints, what it draws, and how it ends.

#![allow(clippy::expect_used, reason = "a test: a fault must stop it")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_buy-page")).args(arguments).current_dir(folder).output().expect("it runs")
}

fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// The words of the line of the table that begins with this product.
fn line<'t>(text: &'t str, product: &str) -> Vec<&'t str> {
    let line = text.lines().find(|line| line.split_whitespace().next() == Some(product)).expect("a line of it");
    line.split_whitespace().collect()
}

#[test]
fn the_sample_is_judged_and_drawn() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = printed(folder.path(), &[]);
    // By hand: cpu-1 has 1.60 cores free, cpu-2 3, cpu-3 2.5; the T4 nodes 24 and 8, of which one card each is free.
    assert!(line(&text, "cpu-4c8g").contains(&"sellable"), "{text}");
    assert!(line(&text, "t4-16c64g-2").contains(&"grey"), "{text}");
    assert!(line(&text, "rtx5090-8c32g").contains(&"dynamic"), "{text}");
    assert!(line(&text, "a100-physics").contains(&"sellable"), "{text}");
    assert!(text.contains("standard-1: 0/11 nodes are available:"), "{text}");
    let map = fs::read_to_string(folder.path().join("buy-page.svg")).expect("a picture");
    assert!(map.starts_with("<svg ") && map.contains("gpu-t4-1: 1.00 of 4.00 gpu[T4] free"), "{map}");
    assert_eq!(map.matches("class=\"node\"").count(), 12, "eleven nodes, one of them with two kinds of slices");
}

#[test]
fn reasons_are_told_in_chinese() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = printed(folder.path(), &["--lang", "zh"]);
    assert!(text.contains("个节点可用：") && text.contains("不足"), "{text}");
}

#[test]
fn what_is_wrong_with_a_catalogue_is_told_with_its_code() {
    let folder = tempfile::tempdir().expect("a folder");
    for (row, told) in [
        ("a,x,cpu=1 gpu[T4]=1500m,", "placement.share_beyond_one_card"),
        ("a,x,cpu=1..5,", "placement.not_a_quantity"),
        ("a,x,cpu,", "is not of the form cpu=2"),
        ("a,x,cpu=1,\na,y,cpu=1,", "stands twice"),
        ("a,x,cpu=1,dedicated", "is not of the form key=value:NoSchedule"),
    ] {
        fs::write(folder.path().join("c.csv"), format!("id,name,parts,tolerations\n{row}\n")).expect("written");
        let output = run(folder.path(), &["--catalogue", "c.csv"]);
        assert_eq!(output.status.code(), Some(1), "{row}");
        assert!(output.stdout.is_empty(), "nothing is half told");
        let error = String::from_utf8(output.stderr).expect("text");
        assert!(error.contains(told) && error.contains("product `a`"), "{error}");
    }
}
