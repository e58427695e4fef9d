//! Small sources, and the Python that is written of them.

use super::{cases::Cases, model::Surface, python, read};
use anyhow::{Context, Result};

const TABLE: &str = r#"operations! { "demo.do", "R-X1", "does it", demo::done; }"#;

/// A wire of one module that declares what `done` takes and answers with.
pub(super) fn demo(source: &str) -> Result<Surface> {
    let demo = format!("pub(super) fn done(call: &Done) -> Result<DoneOut, Error> {{ }}\n{source}");
    let files = [("core/src/wire/mod.rs", TABLE), ("core/src/wire/demo.rs", demo.as_str())];
    read::surface_of(files.into_iter())
}

/// What is written of it.
fn written(source: &str) -> Result<String> {
    let files = python::files(&demo(source)?, &Cases::new())?;
    let demo = files.into_iter().find(|file| file.path.ends_with("/demo.py"));
    Ok(demo.context("no module of the context")?.text)
}

fn assert_has(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.lines().any(|each| each.trim() == *line), "`{line}` is not in\n{text}");
    }
}

/// The fault of a source that the model does not know.
fn fault(source: &str) -> String {
    written(source).unwrap_or_else(|error| format!("{error:#}"))
}

#[test]
fn an_operation_is_a_function_with_what_may_be_left_out_at_its_end() -> Result<()> {
    let text = written(
        "struct Done { of: Option<u8>, #[serde(default)] by: Vec<String>, amount: Text<Decimal> }
         struct DoneOut { amount: Shown<Exact>, rest: Option<bool>, #[serde(skip_serializing_if = \"is_zero\")] left: u32 }",
    )?;
    let required = text.find("    amount: _v.DecimalLike,").context("a required argument")?;
    let optional = text.find("    of: int | None = None,").context("an optional argument")?;
    assert!(required < optional, "{text}");
    assert_has(&text, &["by: Sequence[str] | None = None,", ") -> Done:", "Rule: R-X1"]);
    assert_has(
        &text,
        &["amount: _v.Exact", "rest: bool | None", "left: int | None", r#"__slots__ = ("amount", "rest", "left")"#],
    );
    Ok(())
}

#[test]
fn a_word_of_python_is_no_name_of_an_argument_or_a_member() -> Result<()> {
    let text = written(
        "struct Done { r#for: String, #[serde(rename = \"from\")] from_what: FromIn }
         struct FromIn { #[serde(rename = \"in\")] within: u8 }
         struct DoneOut { #[serde(rename = \"is\")] what: bool }",
    )?;
    assert_has(
        &text,
        &[
            "for_: str,",
            "from_: FromInput,",
            r#""from": from_,"#,
            r#""in": "int","#,
            "is_: bool",
            r#"__slots__ = ("is_",)"#,
        ],
    );
    Ok(())
}

#[test]
fn an_enum_of_names_is_a_literal() -> Result<()> {
    let text = written(
        "struct Done { how: How, words: Vec<Text<OwnerKind>> }
         #[serde(rename_all = \"snake_case\")] enum How { AtOnce, #[serde(rename = \"never!\")] Never }
         struct DoneOut { how: HowOut }
         #[serde(rename_all = \"snake_case\")] enum HowOut { AtOnce }",
    )?;
    assert_has(
        &text,
        &[
            r#"HowInput: TypeAlias = Literal["at_once", "never!"]"#,
            "how: HowInput,",
            r#"How: TypeAlias = Literal["at_once"]"#,
            "how: How",
            "from typing import TYPE_CHECKING, Literal",
            r#""How","#,
        ],
    );
    assert_has(&text, &[r#"OwnerKindInput: TypeAlias = Literal["user", "group"]"#, "words: Sequence[OwnerKindInput],"]);
    Ok(())
}

#[test]
fn a_long_set_of_words_has_a_line_for_each() -> Result<()> {
    let text = written("struct Done { kind: Text<OrderKind> } struct DoneOut {}")?;
    assert_has(&text, &["OrderKindInput: TypeAlias = Literal[", r#""new","#, r#""extend","#, "]"]);
    assert!(text.lines().all(|line| line.len() <= 120), "{text}");
    Ok(())
}

#[test]
fn one_of_several_is_an_object_of_one_member_or_a_class() -> Result<()> {
    let text = written(
        "struct Done { of: Of }
         #[serde(rename_all = \"snake_case\")] enum Of { Nothing, Named(String), InFull { first: u8 } }
         struct DoneOut { of: OfOut }
         #[serde(rename_all = \"snake_case\")] enum OfOut { Nothing, Named(String) }",
    )?;
    assert_has(&text, &[r#"OfInput: TypeAlias = Literal["nothing"] | OfNamedInput | OfInFullInput | Of"#]);
    assert_has(&text, &["class OfInFullMembers(TypedDict):", "in_full: OfInFullMembers", "class Of(OneOf):"]);
    assert_has(&text, &["named: str | None", r#"of: Of | Literal["nothing"]"#]);
    Ok(())
}

#[test]
fn one_of_several_with_a_tag_is_a_class_for_each() -> Result<()> {
    let text = written(
        "struct Done {} struct DoneOut { why: WhyOut }
         /// Why not.
         #[serde(tag = \"is\", rename_all = \"snake_case\")] enum WhyOut {
             /// Nobody is there.
             NotThere,
             Taken { by: String, until: Option<Shown<Instant>> },
         }",
    )?;
    assert_has(&text, &["why: Why", "class WhyNotThere(Record):", r#"is_: Literal["not_there"]"#]);
    assert_has(
        &text,
        &["class WhyTaken(Record):", r#"__slots__ = ("is_", "by", "until")"#, "until: _v.Instant | None"],
    );
    assert_has(&text, &["# Why not.", "Why: TypeAlias = WhyNotThere | WhyTaken", r#""WhyTaken","#, r#""Why","#]);
    assert_has(&text, &[r#""""Nobody is there.""""#]);
    Ok(())
}

#[test]
fn one_of_several_records_lacks_what_the_others_have() -> Result<()> {
    let text = written(
        "struct Done {} struct DoneOut { of: Vec<OfOut> }
         #[serde(untagged)] enum OfOut { Full(FullOut), Empty(EmptyOut) }
         struct FullOut { id: String, pieces: u8 }
         struct EmptyOut { id: String, since: u8 }",
    )?;
    assert_has(&text, &["of: tuple[Of, ...]", "Of: TypeAlias = Full | Empty", r#"__slots__ = ("id", "pieces")"#]);
    assert_has(&text, &["since: None = None", "pieces: None = None", "since: int", "pieces: int"]);
    Ok(())
}

#[test]
fn what_an_answer_could_take_for_another_is_said() {
    let record = fault("struct Done {} struct DoneOut { is: String, by: u8 }");
    assert!(record.contains("`is` of `wire::demo::DoneOut` is the tag of an enum"), "{record}");
    let later = written("struct Done {} struct DoneOut { by: u8, is: String }");
    assert!(later.is_ok(), "{later:?}");
    let unknown = fault("struct Done {} struct DoneOut { of: OfOut } #[serde(tag = \"which\")] enum OfOut { A }");
    assert!(unknown.contains("`which` of `wire::demo::OfOut` is none of `Answer::TAGS`"), "{unknown}");
    let alone = fault(
        "struct Done {} struct DoneOut { of: OfOut, also: AOut }
         #[serde(untagged)] enum OfOut { A(AOut), B(BOut) } struct AOut { a: u8 } struct BOut { b: u8 }",
    );
    assert!(alone.contains("`wire::demo::AOut` is one of several, and stands alone in `DoneOut`"), "{alone}");
    let unnamed = fault("struct Done {} struct DoneOut { of: OfOut } #[serde(tag = \"is\")] enum OfOut { A(u8) }");
    assert!(unnamed.contains("beside whose tag stands something without a name"), "{unnamed}");
}

#[test]
fn what_is_also_read_in_another_language_is_open() -> Result<()> {
    let text = written("struct Done { mode: Text<RowMode> } struct DoneOut { mode: Word<RowMode> }")?;
    assert_has(&text, &["mode: str,", r#"RowMode: TypeAlias = Literal["discount", "floor_price", "commission"]"#]);
    Ok(())
}

#[test]
fn an_untagged_enum_is_whatever_one_of_them_is() -> Result<()> {
    let text = written(
        "struct Done { of: Of }
         #[serde(untagged)] enum Of { One(u8), Many(BTreeMap<String, Text<Money>>) }
         struct DoneOut {}",
    )?;
    assert_has(&text, &["OfInput: TypeAlias = int | Mapping[str, _v.MoneyLike]"]);
    Ok(())
}

#[test]
fn a_comment_keeps_its_code_and_can_not_end_a_docstring() -> Result<()> {
    let text = written(
        "struct Done {
             /// In [`Unit`]s, as `\"GiB\"` or `\\n`.
             ///
             /// At most three.
             of: u8,
         }
         struct DoneOut {}",
    )?;
    assert_has(&text, &[r"- ``of``: In `Unit`s, as `'GiB'` or `\\n`.  At most three."]);
    Ok(())
}

#[test]
fn what_the_model_does_not_know_is_said_with_its_place() {
    let flat = fault("struct Done { #[serde(flatten)] of: Of } struct Of { a: u8 } struct DoneOut {}");
    assert!(
        flat.contains("serde's `flatten`") && flat.contains("of `of`") && flat.contains("`wire::demo::Done`"),
        "{flat}"
    );
    let tagged = fault("struct Done { of: Of } #[serde(tag = \"is\")] enum Of { A { a: u8 } } struct DoneOut {}");
    assert!(tagged.contains("`wire::demo::Of` is tagged in an input"), "{tagged}");
    let missing = fault("struct Done { of: Elsewhere } struct DoneOut {}");
    assert!(missing.contains("`Elsewhere` in wire::demo is a type that the model does not know"), "{missing}");
    let wide = fault("struct Done { of: Of } enum Of { A(u8, u8) } struct DoneOut {}");
    assert!(wide.contains("a variant of several things"), "{wide}");
}

#[test]
fn two_records_of_a_name_are_refused() {
    let fault = fault("struct Done {} struct DoneOut { a: Other } #[serde(rename = \"Done\")] struct Other { b: u8 }");
    assert!(fault.contains("`Done` of `demo` is wire::demo::DoneOut and wire::demo::Other"), "{fault}");
}
