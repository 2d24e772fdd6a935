//! Built images from recipes, in memory, as a registry would have them.
//!
//! A block `image bad file=app` of an example is such a recipe (YAML):
//!
//! ```yaml
//! # finds config.json @ "root": image `app` runs as
//! # finds layer-1/usr/bin/sudo: `usr/bin/sudo` is setuid
//! reference: registry.example.com/shop/api:1.4   # else nameless
//! platform: linux/arm64                          # else linux/amd64
//! created: 2026-11-01T00:00:00Z                  # the default; `null` leaves it out
//! config: {User: root, Env: [A=b]}               # the configuration's `config`
//! document: {variant: v8}                        # more of the configuration
//! history: [RUN apt-get update]                  # texts, or steps as they are
//! annotations: {a: b}                            # of the manifest
//! index: [linux/amd64, linux/arm64]              # wraps the image; the others are the same
//! compression: gzip                              # `none` is the default
//! layers:
//!   - etc/passwd: "root:x:0:0::/root:/bin/sh\n"
//!     usr/bin/sudo: {mode: "4755", size: 10}
//!     bin: {link: usr/bin}
//!     usr/bin/also: {hardlink: usr/bin/sudo}
//!     dev/null: {device: character}
//!     app/: {mode: "1777", uid: 10}
//!     app/key.pem: {text: "${leaf.key}"}
//! evidence: {searched: true, signatures: [...]}   # see `Evidence`
//! diff-ids: wrong                                 # the configuration lists other layers
//! ```
//!
//! Lines that begin with `# finds ` say what the rule of the example finds: the path behind the
//! image's name and a `!`, behind an `@` the exact text, and the start of the message.
//!
//! A block `registry` in front of the blocks of a repository says what registries know of the
//! references that its files name; one that is left out is not asked about:
//!
//! ```yaml
//! registry.example.com/shop/api:1.4:
//!   image: {evidence: {...}}                # a recipe; the default is an image of nothing
//!   digest: sha256:…                        # else that of the image, or its index
//!   tag-digest: sha256:…                    # where the tag leads elsewhere
//! registry.example.com/shop/gone:1: {error: not-found}
//! registry.example.com/shop/old:1: {error: schema1}
//! registry.example.com/shop/far:1: {error: {unknown: the registry timed out}}
//! ```

mod found;
mod layout;
mod recipe;
mod registry;

pub(crate) use found::Found;
pub use layout::write_layout;
pub use recipe::{ImageRecipe, made};
pub(crate) use registry::Registry;
