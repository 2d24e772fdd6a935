//! Until when what is in an image gets updates, in words.

use std::sync::Arc;

use careen_image_model::end_of_life::Cycle;
use careen_model::Context;
use careen_rule::{DAY, Date, Sink};

use crate::subject::ImageSite;

/// The releases in an image, as its reference tells them; none where it does not end up in what
/// runs.
pub(crate) fn cycles<'a>(image: &ImageSite<'_>, context: &'a Context) -> Vec<Cycle<'a>> {
    match &image.reference {
        Ok(reference) if image.ships() => context.end_of_life.of_reference(reference),
        _ => Vec::new(),
    }
}

/// Whether the image has a release that gets no more updates.
pub(crate) fn is_over(image: &ImageSite<'_>, context: &Context) -> bool {
    cycles(image, context).iter().any(|cycle| cycle.is_over(context.now))
}

/// Reports an image for some of its releases, at its tag where it has one.
pub(crate) fn report(
    image: &ImageSite<'_>,
    cycles: &[Cycle<'_>],
    context: &Context,
    out: &mut Sink<'_>,
) {
    let (Some(first), Ok(reference)) = (cycles.first(), &image.reference) else { return };
    let ends: Vec<_> = cycles.iter().filter_map(|cycle| end(cycle, context.now)).collect();
    let message = format!("{} has {}", image.display(), ends.join(", and "));
    let span = reference.tag_span().map_or_else(|| image.span(), |tag| image.span_of(tag));
    let source = Arc::clone(out.source());
    let finding = image.report(out, span, message);
    for cycle in cycles {
        if let Some(extended) = cycle.extended.filter(|day| context.now < day + DAY) {
            let day = Date(extended);
            let note = format!("{cycle} gets updates until {day} for those who pay or enroll");
            finding.related(&source, span, note);
        }
    }
    if let Some(as_of) = first.as_of {
        finding.related(&source, span, format!("by dates as of {}", Date(as_of)));
    }
}

/// "Debian 11 (bullseye), whose updates ended on 2026-08-31, 3 months ago".
pub(crate) fn end(cycle: &Cycle<'_>, now: i64) -> Option<String> {
    let (eol, days) = (cycle.eol?, cycle.days_left(now)?);
    let when = if days < 0 {
        format!("whose updates ended on {}, {} ago", Date(eol), length(-days))
    } else {
        format!("whose updates end on {}, in {}", Date(eol), length(days))
    };
    Some(format!("{cycle}, {when}"))
}

/// A number of days in the unit that says most.
fn length(days: i64) -> String {
    let (count, unit) = match days {
        ..60 => (days, "day"),
        60..730 => (days / 30, "month"),
        _ => (days / 365, "year"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}
