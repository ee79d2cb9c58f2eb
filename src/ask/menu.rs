//! A list of choices on the screen: which is selected, and which of its lines fit.

use super::prompter::Choice;
use crate::output::pairs::wrap;
use crate::output::safe_text::safe_lines;

const MARK: &str = "> ";
const NO_MARK: &str = "  ";
const MORE: &str = "  …";

/// Where the selection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Menu {
    pub selected: Option<usize>,
    count: usize,
}

impl Menu {
    /// A menu of this many choices.
    pub fn new(count: usize, selected: Option<usize>) -> Self {
        Self { selected: selected.filter(|index| *index < count), count }
    }

    /// Moves the selection on, round the end.
    pub fn next(&mut self) {
        self.selected = Some(self.selected.map_or(0, |index| (index + 1) % self.count.max(1)));
    }

    /// Moves the selection back, round the beginning.
    pub fn previous(&mut self) {
        let last = self.count.saturating_sub(1);
        self.selected = Some(self.selected.map_or(last, |index| index.checked_sub(1).unwrap_or(last)));
    }

    /// Moves to the first choice.
    pub fn first(&mut self) {
        self.selected = Some(0);
    }

    /// Moves to the last choice.
    pub fn last(&mut self) {
        self.selected = Some(self.count.saturating_sub(1));
    }

    /// The lines that fit the screen around the selection. No line is as wide as the screen, so that
    /// none is broken in two by the terminal; a long one is wrapped, never cut.
    pub fn lines(&self, choices: &[Choice], columns: u16, rows: u16) -> Vec<String> {
        let blocks: Vec<Vec<String>> =
            choices.iter().enumerate().map(|(index, choice)| block(choice, self.selected == Some(index), columns)).collect();
        let room = usize::from(rows).saturating_sub(3).max(3);
        if blocks.iter().map(Vec::len).sum::<usize>() <= room {
            return blocks.concat();
        }
        let (first, last) = window(&blocks, self.selected.unwrap_or(0), room - 2);
        let mut lines = Vec::new();
        lines.extend((first > 0).then(|| MORE.to_owned()));
        lines.extend(blocks.iter().skip(first).take(last - first).flatten().cloned());
        lines.extend((last < blocks.len()).then(|| MORE.to_owned()));
        lines
    }
}

fn block(choice: &Choice, is_selected: bool, columns: u16) -> Vec<String> {
    let width = usize::from(columns).saturating_sub(1).max(10);
    let mut mark = if is_selected { MARK } else { NO_MARK };
    let mut lines = Vec::new();
    for line in safe_lines(&choice.label).split('\n') {
        lines.extend(wrap(line, width, mark, NO_MARK, true));
        mark = NO_MARK;
    }
    lines
}

/// The choices around the selected one that fit: as many before as after, where there are.
fn window(blocks: &[Vec<String>], selected: usize, room: usize) -> (usize, usize) {
    let height = |index: usize| blocks.get(index).map_or(0, Vec::len);
    let (mut first, mut last) = (selected, selected + 1);
    let mut used = height(selected);
    loop {
        let before = first.checked_sub(1).filter(|index| used + height(*index) <= room);
        if let Some(index) = before {
            used += height(index);
            first = index;
        }
        let after = Some(last).filter(|index| *index < blocks.len() && used + height(*index) <= room);
        if let Some(index) = after {
            used += height(index);
            last = index + 1;
        }
        if before.is_none() && after.is_none() {
            return (first, last);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Menu;
    use crate::ask::prompter::Choice;

    fn choices(labels: &[&str]) -> Vec<Choice> {
        labels.iter().map(|label| Choice::new(*label)).collect()
    }

    #[test]
    fn the_selection_goes_round() {
        let mut menu = Menu::new(3, None);
        menu.previous();
        assert_eq!(menu.selected, Some(2));
        menu.next();
        assert_eq!(menu.selected, Some(0));
    }

    #[test]
    fn the_selected_choice_is_marked_and_long_ones_wrap() {
        let menu = Menu::new(2, Some(1));
        assert_eq!(
            menu.lines(&choices(&["Save", "Change the address that everybody uses"]), 21, 24),
            ["  Save", "> Change the address", "  that everybody", "  uses"]
        );
    }

    #[test]
    fn a_menu_longer_than_the_screen_shows_the_part_around_the_selection() {
        let labels: Vec<String> = (1..=9).map(|number| number.to_string()).collect();
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        assert_eq!(Menu::new(9, Some(0)).lines(&choices(&labels), 40, 8), ["> 1", "  2", "  3", "  …"]);
        assert_eq!(Menu::new(9, Some(4)).lines(&choices(&labels), 40, 8), ["  …", "  4", "> 5", "  6", "  …"]);
        assert_eq!(Menu::new(9, Some(8)).lines(&choices(&labels), 40, 8), ["  …", "  7", "  8", "> 9"]);
    }
}
