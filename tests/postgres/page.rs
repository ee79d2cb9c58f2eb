//! The README’s section about a team, block by block: what it shows is what the tests run.

use std::fs;
use std::path::Path;

const HEADING: &str = "\n## A desk for a team\n";

/// A block of the section: the word behind its fence, and its lines.
pub struct Block {
    pub language: String,
    pub text: String,
}

/// The section on one line.
pub fn page() -> String {
    section().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn section() -> String {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    readme.split_once(HEADING).unwrap().1.split("\n## ").next().unwrap().to_owned()
}

/// Every block, in order.
pub fn blocks() -> Vec<Block> {
    let section = section();
    let parts = section.split("```").skip(1).step_by(2);
    parts
        .map(|part| {
            let (language, text) = part.split_once('\n').unwrap();
            Block { language: language.to_owned(), text: text.to_owned() }
        })
        .collect()
}

/// The two blocks of SQL: the roles, and what they are granted.
pub fn roles_and_grants() -> [String; 2] {
    let sql: Vec<String> = blocks().into_iter().filter(|block| block.language == "sql").map(|block| block.text).collect();
    sql.try_into().unwrap()
}
