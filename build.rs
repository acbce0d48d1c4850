//! The pages' words: every language of `locales/` must have the same keys with the same variables, or nothing builds.
//! Each key becomes a method of `Words`, so a page with a wrong key does not build and a key no page uses does not either.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fmt::Write,
    fs,
    path::Path,
};

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser,
};

/// In the order of `Tongue`; the first has the keys the others must have.
const LANGUAGES: [&str; 6] = ["en", "fr", "es", "de", "it", "pt"];

/// Its variables by key.
type Keys = BTreeMap<String, BTreeSet<String>>;

fn main() {
    println!("cargo:rerun-if-changed=locales");
    println!("cargo:rerun-if-changed=build.rs");
    let folder = env::var("CARGO_MANIFEST_DIR").expect("cargo says where the package is");
    let read = |language: &str| {
        let path = Path::new(&folder).join("locales").join(language).join("inbox.ftl");
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        keys(&text).unwrap_or_else(|wrong| panic!("locales/{language}/inbox.ftl: {wrong}"))
    };
    let first = read(LANGUAGES[0]);
    let wrong: Vec<String> = LANGUAGES[1..]
        .iter()
        .flat_map(|language| differences(language, &first, &read(language)))
        .collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    let out = env::var("OUT_DIR").expect("cargo says where to write");
    fs::write(Path::new(&out).join("inbox_words.rs"), code(&first)).expect("the folder is cargo's");
}

fn keys(text: &str) -> Result<Keys, String> {
    let resource = parser::parse(text).map_err(|(_, errors)| format!("{errors:?}"))?;
    let mut keys = Keys::new();
    for entry in resource.body {
        let Entry::Message(message) = entry else { continue };
        let key = message.id.name.to_owned();
        let value = message.value.ok_or_else(|| format!("{key} says nothing"))?;
        let mut variables = BTreeSet::new();
        of_pattern(&value, &mut variables);
        if keys.insert(key.clone(), variables).is_some() {
            return Err(format!("{key} is there twice"));
        }
    }
    Ok(keys)
}

fn of_pattern(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            of_expression(expression, found);
        }
    }
}

fn of_expression(expression: &Expression<&str>, found: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => of_inline(inline, found),
        Expression::Select { selector, variants } => {
            of_inline(selector, found);
            variants.iter().for_each(|variant| of_pattern(&variant.value, found));
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, found: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => of_expression(expression, found),
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        // A sentence that is made of others reads wrong in some language.
        other => panic!("the pages' words use variables only, not {other:?}"),
    }
}

fn differences(language: &str, first: &Keys, other: &Keys) -> Vec<String> {
    let mut wrong = Vec::new();
    for (key, variables) in first {
        match other.get(key) {
            None => wrong.push(format!("locales/{language}/inbox.ftl has no {key}")),
            Some(found) if found != variables => wrong.push(format!(
                "locales/{language}/inbox.ftl: {key} has the variables {found:?}, in English {variables:?}"
            )),
            Some(_) => {}
        }
    }
    let strange = other.keys().filter(|key| !first.contains_key(*key));
    wrong.extend(strange.map(|key| format!("locales/{language}/inbox.ftl: English has no {key}")));
    wrong
}

/// The sources, and a method for every key.
fn code(keys: &Keys) -> String {
    let mut code =
        String::from("/// In the order of `Tongue`.\nconst SOURCES: [(&str, &str); 6] = [\n");
    for language in LANGUAGES {
        let path = format!("/locales/{language}/inbox.ftl");
        let line = format!(
            "    (\"{language}\", include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"{path}\"))),"
        );
        let _ = writeln!(code, "{line}");
    }
    let (fixed, filled): (Vec<_>, Vec<_>) = keys.iter().partition(|(_, names)| names.is_empty());
    let names: Vec<_> = fixed.iter().map(|(key, _)| key).collect();
    let _ = writeln!(
        code,
        "];\n\n/// Sentences without variables.\nconst FIXED: [&str; {}] = {names:?};\n",
        names.len()
    );
    let _ = writeln!(code, "#[deny(dead_code, reason = \"a key no page uses\")]\nimpl Words {{");
    for (place, (key, _)) in fixed.iter().enumerate() {
        let name = key.replace('-', "_");
        let _ = writeln!(
            code,
            "    pub(in crate::doors::http) fn {name}(self) -> &'static str {{ self.fixed({place}) }}"
        );
    }
    for (key, variables) in filled {
        let name = key.replace('-', "_");
        let taken: String =
            variables.iter().map(|v| format!(", {v}: impl Into<FluentValue<'a>>")).collect();
        let given: Vec<_> = variables.iter().map(|v| format!("(\"{v}\", {v}.into())")).collect();
        let given = given.join(", ");
        let _ = writeln!(
            code,
            "    pub(in crate::doors::http) fn {name}<'a>(self{taken}) -> String {{ self.filled(\"{key}\", [{given}]) }}"
        );
    }
    code + "}\n"
}
