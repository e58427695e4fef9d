//! The operations as JavaScript and TypeScript: two files for each context, and two for what several contexts share.
//!
//! | in the wire | in JavaScript |
//! |---|---|
//! | an operation | a function of one object of arguments, and one of the vectors as its example |
//! | a struct | an interface, in camelCase; in an input its name ends in `Input` |
//! | one of several, without more | the text of its name |
//! | one of several, with something | `{ kind: 'coupon', coupon: 'C1' }`; in an input `kind` may be left out |
//! | one of several, told by a tag | `{ is: 'taint', key, value }`, each with its own members |
//! | one of several records | a union of interfaces, of which each has `null` for the members of the others |
//! | a list, a map | an array, an object without a prototype; any iterable, object or `Map` in an input |
//! | a whole number | a `bigint`; in an input also a `number` that is exact |
//! | a value | a text, which `values.d.ts` names |
//! | what may be left out | `null`; in an input also `undefined` |
//!
//! The `.js` files say only which shape stands where; `bindings-node/lib/codec` does what shapes do.

mod example;
mod native;
mod shapes;
#[cfg(test)]
mod tests;
mod text;
mod types;

pub(super) use native::native;

use super::{
    cases::Cases,
    layout::{Layout, SHARED, Way},
    model::{Operation, Surface},
};
use crate::generated::Generated;
use anyhow::Result;

const FOLDER: &str = "bindings-node/lib/operations";
const COMMAND: &str = "cargo xtask node";
/// What the operations are read from.
const WIRE: &str = "core/src/wire";

/// All files.
pub(super) fn files(surface: &Surface, cases: &Cases) -> Result<Vec<Generated>> {
    let node = Node { layout: Layout::of(surface, &[])?, cases };
    let mut files = Vec::new();
    for module in node.layout.contexts().into_iter().chain([SHARED]) {
        files.push(file(&format!("{module}.js"), node.script(module)?));
        files.push(file(&format!("{module}.d.ts"), node.declarations(module)?));
    }
    Ok(files)
}

fn file(name: &str, text: String) -> Generated {
    Generated { path: format!("{FOLDER}/{name}"), text, command: COMMAND }
}

struct Node<'s> {
    layout: Layout<'s>,
    cases: &'s Cases,
}

impl<'s> Node<'s> {
    fn operations(&self, context: &str) -> impl Iterator<Item = &'s Operation> {
        self.layout.surface.operations.iter().filter(move |operation| operation.context == context)
    }

    /// The names that a module has from the shared one, by both ways.
    fn shared_names(&self, module: &str) -> Vec<&str> {
        if module == SHARED {
            return Vec::new();
        }
        let of = |way| self.layout.shared_with(module, way).into_iter().map(move |id| self.layout.name(id, way));
        let mut names: Vec<&str> = of(Way::In).chain(of(Way::Out)).collect();
        names.sort_unstable();
        names
    }
}
