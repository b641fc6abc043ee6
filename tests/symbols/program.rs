// Generic functions, closures and traits, with names mangled by rustc.
use std::collections::BTreeMap;

trait Priced {
    fn price(&self) -> usize;
}

struct Item<T>(T);

impl Priced for Item<String> {
    fn price(&self) -> usize {
        self.0.len() * 3
    }
}

impl Priced for Item<u32> {
    fn price(&self) -> usize {
        self.0 as usize + 1
    }
}

fn total<P: Priced + ?Sized>(all: &[Box<P>]) -> usize {
    all.iter().map(|one| one.price()).sum()
}

#[no_mangle]
pub extern "C" fn rust_run(n: usize) -> usize {
    let mut counts = BTreeMap::new();
    for i in 0..n {
        *counts.entry((i * 7919) % 101).or_insert(0usize) += i;
    }
    let items: Vec<Box<dyn Priced>> =
        vec![Box::new(Item("name".to_string())), Box::new(Item(n as u32))];
    let mut sorted: Vec<_> = counts.into_iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(&a.1));
    sorted.iter().map(|(k, v)| k ^ v).fold(total(&items), |a, b| a.wrapping_mul(31) + b)
}

fn main() {
    println!("{}", rust_run(1000));
}
