//! What is shown if not everything can be.

use std::fmt::Write as _;

use crate::words::count;

/// Bytes kept in each block, and below all of them, for the line about what is missing.
const RESERVE: usize = 120;

/// A part of the report, of which the end can be left out.
pub(super) struct Block {
    /// Blocks of a lower rank are given room first.
    pub(super) rank: u8,
    pub(super) open: String,
    pub(super) rows: Vec<String>,
    pub(super) close: String,
    /// What a row is, and what several are.
    pub(super) one: &'static str,
    pub(super) many: &'static str,
}

/// The blocks in their order in at most `room` bytes, with what is missing.
pub(super) fn fit(blocks: &[Block], room: usize) -> String {
    let mut room = room.saturating_sub(4 * RESERVE);
    let mut order: Vec<usize> = (0..blocks.len()).collect();
    order.sort_by_key(|at| blocks.get(*at).map(|block| block.rank));
    let mut shown: Vec<Option<String>> = vec![None; blocks.len()];
    let mut missing: Vec<(&Block, usize)> = Vec::new();
    for at in order {
        let (Some(block), Some(place)) = (blocks.get(at), shown.get_mut(at)) else { continue };
        let (text, left) = block.within(room);
        room -= text.len().min(room);
        if left > 0 {
            match missing.iter_mut().find(|(other, _)| other.many == block.many) {
                Some((_, number)) => *number += left,
                None => missing.push((block, left)),
            }
        }
        *place = Some(text);
    }
    let mut text: String = shown.into_iter().flatten().collect();
    if !missing.is_empty() {
        let parts: Vec<String> =
            missing.iter().map(|(block, left)| count(*left, block.one, block.many)).collect();
        let _ = writeln!(
            text,
            "Left out here, as the report would be too long: {}. `--format html` shows all.\n",
            parts.join(", ")
        );
    }
    text
}

impl Block {
    /// As much as fits into `room`, and how many rows do not. Nothing if not even the first row does.
    fn within(&self, room: usize) -> (String, usize) {
        let frame = self.open.len() + self.close.len() + RESERVE;
        let mut text = self.open.clone();
        let mut shown = 0;
        for row in &self.rows {
            if text.len() + self.close.len() + RESERVE + row.len() > room {
                break;
            }
            text.push_str(row);
            shown += 1;
        }
        if frame > room || (shown == 0 && !self.rows.is_empty()) {
            return (String::new(), self.rows.len().max(1));
        }
        text.push_str(&self.close);
        (text, self.rows.len() - shown)
    }
}

#[cfg(test)]
mod tests {
    use super::{Block, RESERVE, fit};

    fn block(rank: u8, name: &str, rows: usize) -> Block {
        Block {
            rank,
            open: format!("<{name}>\n"),
            rows: (0..rows).map(|number| format!("{name}{number}\n")).collect(),
            close: format!("</{name}>\n"),
            one: "row",
            many: "rows",
        }
    }

    #[test]
    fn everything_is_shown_in_its_order() {
        let blocks = [block(1, "a", 2), block(0, "b", 1), block(1, "c", 0)];
        let all = "<a>\na0\na1\n</a>\n<b>\nb0\n</b>\n<c>\n</c>\n";
        assert_eq!(fit(&blocks, 10_000), all);
    }

    #[test]
    fn the_last_rank_is_left_out_first() {
        let blocks = [block(2, "a", 900), block(0, "b", 90), block(1, "c", 9)];
        for room in [1_200, 2_000, 4_000] {
            let text = fit(&blocks, room);
            assert!(text.len() <= room, "{} of {room}", text.len());
            assert!(text.contains("b89\n") || !text.contains("c0\n"), "{text}");
            assert!(text.contains("c8\n") || !text.contains("a0\n"), "{text}");
            assert_eq!(text.contains("<b>"), text.contains("</b>"));
            let shown = text.lines().filter(|line| line.ends_with(char::is_numeric)).count();
            assert!(text.contains(&format!(" too long: {} rows. ", 999 - shown)), "{text}");
        }
        assert!(fit(&blocks, 5 * RESERVE).contains("999 rows"));
    }
}
