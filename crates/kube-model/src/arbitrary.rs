//! Properties that hold for any input.

use proptest::prelude::*;

use crate::testing::{File, SHOP};
use crate::{KubernetesVersion, schema};
use crate::{ObjectView, Quantity, Secret, Selector, looks_like_manifest, references};

/// Calls everything a rule might call.
fn read_all(text: &str) {
    let file = File::new(text);
    let len = u32::try_from(text.len()).unwrap();
    for object in &file.objects {
        let view = ObjectView::new(object, &file.tree);
        assert!(view.name_span().end <= len);
        let _ = (view.display().to_string(), view.gvk(), view.labels().is_empty());
        let report = schema::check(view, KubernetesVersion::NEWEST);
        assert!(report.problems.iter().all(|problem| problem.span.end <= len));
        let views = file.objects.iter().map(|object| ObjectView::new(object, &file.tree));
        let report = schema::CustomSchemas::of(views).check(view);
        assert!(report.problems.iter().all(|problem| problem.span.end <= len));
        if let Some(secret) = Secret::of(view) {
            assert!(secret.entries().all(|entry| {
                entry.decoded().map_or(true, |decoded| decoded.whole().end <= len)
            }));
        }
        if let Some(selector) = view.at(&["spec", "selector"]) {
            let _ = Selector::label_selector(selector).matches(view.labels());
        }
        let Some(pod) = view.pod_template() else { continue };
        assert!(references(pod).all(|reference| reference.span.end <= len));
        for container in pod.containers() {
            let _ = (container.display().to_string(), container.path(), container.probes().count());
            let _ = container.effective_request("cpu").map(Quantity::of);
        }
    }
}

proptest! {
    #[test]
    fn quantities_never_panic(text in any::<String>()) {
        let _ = Quantity::parse(&text);
    }

    #[test]
    fn quantities_never_panic_near_the_grammar(text in "[+-]?[0-9.]{0,60}[eEinmukKMGTP+-]{0,2}[0-9]{0,12}") {
        let _ = Quantity::parse(&text);
    }

    #[test]
    fn whole_numbers_are_exact(number in any::<i64>().prop_filter("symmetric", |n| *n != i64::MIN)) {
        let read = Quantity::parse(&number.to_string()).unwrap();
        prop_assert_eq!(read.as_units(), i128::from(number));
        prop_assert_eq!(read, Quantity::units(number));
    }

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        let _ = looks_like_manifest(&text);
        read_all(&text);
    }

    #[test]
    fn a_damaged_manifest_is_read(from in 0..SHOP.len(), to in 0..SHOP.len(), with in "[a-z:{}\\[\\]*&~|'\" \n-]{0,6}") {
        let mut text = SHOP.to_owned();
        text.replace_range(from.min(to)..from.max(to).min(from.min(to) + 40), &with);
        read_all(&text);
    }
}
