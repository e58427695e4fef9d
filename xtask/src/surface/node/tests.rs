//! Small sources, and the JavaScript that is written of them.

use crate::surface::{cases::Cases, tests::demo};
use anyhow::{Context, Result};

/// The script and the declarations of a module that declares what `done` takes and answers with.
fn written(source: &str) -> Result<[String; 2]> {
    let mut files = super::files(&demo(source)?, &Cases::new())?;
    let mut text = |name: &str| {
        let place = files.iter().position(|file| file.path.ends_with(name)).context("no such file")?;
        anyhow::Ok(files.swap_remove(place).text)
    };
    Ok([text("/demo.js")?, text("/demo.d.ts")?])
}

fn assert_has(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.lines().any(|each| each.trim() == *line), "`{line}` is not in\n{text}");
    }
}

#[test]
fn members_are_in_camel_case_for_people_and_as_they_are_for_shapes() -> Result<()> {
    let [script, types] = written(
        "struct Done { face_value: Text<Money>, #[serde(default)] unit_ids: Vec<String>, since: Option<Text<Instant>> }
         struct DoneOut { piece_count: u32, is_full: Option<bool> }",
    )?;
    assert_has(&script, &["const Done = record({ piece_count: integer, is_full: bool });"]);
    assert_has(
        &script,
        &["do: operation('demo.do', record({ face_value: value, unit_ids: list(text), since: instant }), Done),"],
    );
    assert_has(&types, &["faceValue: values.MoneyLike;", "unitIds?: values.ListLike<string> | null | undefined;"]);
    assert_has(&types, &["since?: values.InstantLike | null | undefined;", "isFull: boolean | null;"]);
    assert_has(&types, &["pieceCount: values.Count;"]);
    Ok(())
}

#[test]
fn a_word_of_javascript_is_exported_by_another_name() -> Result<()> {
    let [_, types] = written("struct Done {} struct DoneOut { a: bool }")?;
    assert_has(&types, &["declare function do_(): Done;", "export { do_ as do };"]);
    Ok(())
}

#[test]
fn one_of_several_is_told_by_its_kind() -> Result<()> {
    let [script, types] = written(
        "struct Done { of: Of }
         #[serde(rename_all = \"snake_case\")] enum Of { Nothing, ByName(String), InFull { first_day: u8 } }
         struct DoneOut { of: OfOut, word: WordOut }
         #[serde(rename_all = \"snake_case\")] enum OfOut { Nothing, ByName(String) }
         #[serde(rename_all = \"snake_case\")] enum WordOut { AtOnce, Never }",
    )?;
    assert_has(&script, &["const Of = oneOf({ nothing: null, by_name: text });"]);
    assert_has(
        &script,
        &["const OfInput = oneOf({ nothing: null, by_name: text, in_full: record({ first_day: integer }) });"],
    );
    assert_has(&script, &["const Done = record({ of: Of, word: word });"]);
    assert_has(&types, &["export type Of = { kind: 'nothing' } | { kind: 'by_name'; byName: string };"]);
    assert_has(&types, &["| { kind?: 'in_full'; inFull: { firstDay: values.CountLike } }", "| 'nothing';"]);
    assert_has(&types, &["word: Word;", "export type Word = 'at_once' | 'never';"]);
    Ok(())
}

#[test]
fn one_of_several_with_a_tag_has_only_its_own_members() -> Result<()> {
    let [script, types] = written(
        "struct Done {} struct DoneOut { why: WhyOut }
         #[serde(tag = \"is\", rename_all = \"snake_case\")] enum WhyOut {
             /// Nobody is there.
             NotThere,
             Taken { first_day: u8, by: Option<String> },
             Told {
                 /// In words.
                 text: String
             },
         }",
    )?;
    assert_has(&script, &["const Why = tagged('is', {", "not_there: record({}),"]);
    assert_has(&script, &["taken: record({ first_day: integer, by: text }),", "told: record({ text: text }),"]);
    assert_has(&types, &["export type Why =", "/** Nobody is there. */", "| { is: 'not_there' }"]);
    assert_has(&types, &["| { is: 'taken'; firstDay: values.Count; by: string | null }"]);
    assert_has(&types, &["is: 'told';", "/** In words. */", "text: string;"]);
    Ok(())
}

#[test]
fn one_of_several_records_has_null_for_what_the_others_have() -> Result<()> {
    let source = "struct Done {} struct DoneOut { of: Option<OfOut> }
         #[serde(untagged)] enum OfOut { Full(FullOut), Empty(EmptyOut) }
         struct FullOut { id: String, piece_count: u8 }";
    let [script, types] = written(&format!("{source} struct EmptyOut {{ id: String, since: u8 }}"))?;
    assert_has(&script, &["const Of = record({ id: text, piece_count: integer, since: integer });"]);
    assert!(!script.contains("Full"), "{script}");
    assert_has(&types, &["export type Of = Full | Empty;", "of: Of | null;", "pieceCount: null;", "since: null;"]);
    assert_has(&types, &["pieceCount: values.Count;", "since: values.Count;"]);
    let other = written(&format!("{source} struct EmptyOut {{ id: u8 }}")).err().map(|error| error.to_string());
    assert!(other.as_ref().is_some_and(|error| error.contains("is not the same in each")), "{other:?}");
    Ok(())
}

#[test]
fn a_count_or_a_word_is_read_as_either() -> Result<()> {
    let [script, types] = written(
        "struct Done {} struct DoneOut { count: CountOut }
         #[serde(untagged)] enum CountOut { Exactly(u64), Unlimited(Unlimited) }
         #[serde(rename_all = \"snake_case\")] enum Unlimited { Unlimited }",
    )?;
    assert_has(&script, &["const Done = record({ count: countOrWord });"]);
    assert_has(&types, &["count: values.Count | Unlimited;", "export type Unlimited = 'unlimited';"]);
    Ok(())
}

#[test]
fn keys_of_a_map_are_not_renamed() -> Result<()> {
    let [script, types] = written(
        "struct Done { of: BTreeMap<String, Inner>, spec: BTreeMap<String, Text<Quantity>> }
         struct Inner { a_b: u8 }
         struct DoneOut { of: BTreeMap<String, u64> }",
    )?;
    assert_has(
        &script,
        &["const Done = record({ of: map(integer) });", "const InnerInput = record({ a_b: integer });"],
    );
    assert_has(&script, &["do: operation('demo.do', record({ of: map(InnerInput), spec: map(value) }), Done),"]);
    assert_has(&types, &["of: Record<string, values.Count>;", "spec: values.SpecLike;"]);
    Ok(())
}

#[test]
fn what_has_no_shape_is_said() {
    let fault = |source| written(source).err().map(|error| error.to_string()).unwrap_or_default();
    let any =
        fault("struct Done { of: Of } #[serde(untagged)] enum Of { One(u8), Two(u8), Three(u8) } struct DoneOut {}");
    assert!(any.contains("for which there is no shape"), "{any}");
    let kind = fault(
        "struct Done { of: Of } #[serde(rename_all = \"snake_case\")] enum Of { Kind(u8), Other } struct DoneOut {}",
    );
    assert!(kind.contains("`kind` is a variant"), "{kind}");
}
