//! plugin: a module in the manner of a Rust plug-in kit, written from the contract: values as owned handles that release
//! themselves, results as `Result`, state in a static `Vec` behind `__rust_id`, keyword slots, callbacks, errors. It uses
//! `std`, its allocator included.
//!
//! Takes: what the contract hands over. Gives: functions, a constant, a class. Refuses: wrong arguments, as errors.
use std::alloc::{alloc, dealloc, Layout};
use std::cell::RefCell;
use std::collections::HashMap;

mod env {
    #[link(wasm_import_module = "env")]
    extern "C" {
        pub fn edge_op(op: u32, recv: u32, name: *const u8, name_len: u32, argv: *const u32, argc: u32, out: *mut u32) -> i32;
        pub fn edge_encode(tag: u32, ptr: *const u8, len: u32) -> u32;
        pub fn edge_decode(h: u32, out_tag: *mut u32, dst: *mut u8, max: u32) -> i32;
        pub fn edge_release(h: u32);
        pub fn edge_take_error(kind: *mut u32, dst: *mut u8, max: u32) -> i32;
        pub fn edge_throw(kind: u32, msg: *const u8, len: u32);
    }
}

#[no_mangle]
pub unsafe extern "C" fn __edge_alloc(size: u32) -> *mut u8 {
    alloc(Layout::from_size_align_unchecked(size.max(1) as usize, 8))
}
#[no_mangle]
pub unsafe extern "C" fn __edge_free(ptr: *mut u8, size: u32) {
    dealloc(ptr, Layout::from_size_align_unchecked(size.max(1) as usize, 8))
}
#[no_mangle]
pub extern "C" fn __edge_abi_version() -> u32 {
    1
}

/// An error: thrown by us, or already pending with the host.
enum Error {
    Thrown(u32, String),
    Pending,
}
type Answer<T> = Result<T, Error>;
const TYPE: u32 = 0;
const VALUE: u32 = 1;
const CUSTOM: u32 = 6;

fn error<T>(kind: u32, text: impl Into<String>) -> Answer<T> {
    Err(Error::Thrown(kind, text.into()))
}

/// A handle that is released with its owner.
struct Object(u32);
impl Drop for Object {
    fn drop(&mut self) {
        unsafe { env::edge_release(self.0) }
    }
}
impl Object {
    fn give(self) -> u32 {
        let handle = self.0;
        std::mem::forget(self);
        handle
    }
}

fn encode(tag: u32, bytes: &[u8]) -> Answer<Object> {
    match unsafe { env::edge_encode(tag, bytes.as_ptr(), bytes.len() as u32) } {
        0 => error(VALUE, format!("the host refused {} bytes of tag {}", bytes.len(), tag)),
        handle => Ok(Object(handle)),
    }
}
fn decode(h: u32) -> (u32, Vec<u8>) {
    let (mut tag, mut bytes) = (0, vec![0u8; 16]);
    loop {
        let size = unsafe { env::edge_decode(h, &mut tag, bytes.as_mut_ptr(), bytes.len() as u32) };
        if size >= 0 {
            bytes.truncate(size as usize);
            return (tag, bytes);
        }
        bytes.resize(size.unsigned_abs() as usize, 0);
    }
}
fn op(code: u32, recv: u32, name: &str, args: &[u32]) -> Answer<Object> {
    let mut out = 0;
    let status = unsafe { env::edge_op(code, recv, name.as_ptr(), name.len() as u32, args.as_ptr(), args.len() as u32, &mut out) };
    if status == 0 { Ok(Object(out)) } else { Err(Error::Pending) }
}
fn take_error() -> Option<(u32, String)> {
    let (mut kind, mut bytes) = (0, vec![0u8; 8]);
    loop {
        match unsafe { env::edge_take_error(&mut kind, bytes.as_mut_ptr(), bytes.len() as u32) } {
            -1 => return None,
            size if size < 0 => bytes.resize(size.unsigned_abs() as usize, 0),
            size => {
                bytes.truncate(size as usize);
                return Some((kind, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
    }
}

fn int(what: &str, h: u32) -> Answer<i128> {
    match decode(h) {
        (2, bytes) => Ok(i128::from_le_bytes(bytes.try_into().unwrap())),
        _ => error(TYPE, format!("{} not int", what)),
    }
}
fn text(what: &str, h: u32) -> Answer<String> {
    match decode(h) {
        (4, bytes) => Ok(String::from_utf8(bytes).unwrap()),
        _ => error(TYPE, format!("{} not str", what)),
    }
}
fn from_int(value: i128) -> Answer<Object> {
    encode(2, &value.to_le_bytes())
}
fn from_text(value: &str) -> Answer<Object> {
    encode(4, value.as_bytes())
}
fn none() -> Answer<Object> {
    encode(0, &[])
}
/// All items of an iterable: the end is the error Custom / StopIteration.
fn items(h: u32) -> Answer<Vec<Object>> {
    let list = op(6, h, "", &[])?;
    let mut found = Vec::new();
    loop {
        match op(7, list.0, "", &[]) {
            Ok(item) => found.push(item),
            Err(_) => {
                return match take_error() {
                    Some((CUSTOM, end)) if end == "StopIteration" => Ok(found),
                    Some((kind, message)) => error(kind, message),
                    None => Err(Error::Pending),
                }
            }
        }
    }
}
/// A keyword argument: the slot is 0 or a dict.
fn keyword(slot: u32, name: &str) -> Answer<Option<Object>> {
    if slot == 0 {
        return Ok(None);
    }
    let key = from_text(name)?;
    match op(3, slot, "", &[key.0]) {
        Ok(value) => Ok(Some(value)),
        Err(_) => take_error().map_or(Ok(None), |_| Ok(None)),
    }
}

/// Runs the body of an export: the arguments without the keyword slot, and the slot.
unsafe fn answer(argv: *const u32, argc: u32, out: *mut u32, body: impl FnOnce(&[u32], u32) -> Answer<Object>) -> i32 {
    let all = std::slice::from_raw_parts(argv, argc as usize);
    let (slot, args) = all.split_last().unwrap();
    match body(args, *slot) {
        Ok(value) => {
            *out = value.give();
            0
        }
        Err(Error::Thrown(kind, message)) => {
            env::edge_throw(kind, message.as_ptr(), message.len() as u32);
            1
        }
        Err(Error::Pending) => 1,
    }
}
macro_rules! export {
    ($name:ident, $body:expr) => {
        #[no_mangle]
        pub unsafe extern "C" fn $name(argv: *const u32, argc: u32, out: *mut u32) -> i32 {
            answer(argv, argc, out, $body)
        }
    };
}
fn arg(args: &[u32], i: usize, name: &str) -> Answer<u32> {
    args.get(i).copied().map_or_else(|| error(TYPE, format!("{}: arg {} missing", name, i)), Ok)
}

export!(add, |args, _| {
    let a = int("add: arg 0", arg(args, 0, "add")?)?;
    let b = int("add: arg 1", arg(args, 1, "add")?)?;
    match a.checked_add(b) {
        Some(sum) => from_int(sum),
        None => error(CUSTOM, "OverflowError: add: the sum has more than 128 bits"),
    }
});
export!(shout, |args, slot| {
    let mut said = text("shout: arg 0", arg(args, 0, "shout")?)?.to_uppercase();
    let times = match keyword(slot, "times")? {
        Some(value) => int("shout: times", value.0)?,
        None => 1,
    };
    said.extend((0..times.clamp(0, 1000)).map(|_| '!'));
    from_text(&said)
});
export!(word_count, |args, _| {
    let said = text("word_count: arg 0", arg(args, 0, "word_count")?)?;
    let mut counts: HashMap<&str, i128> = HashMap::new();
    for word in said.split_whitespace() {
        *counts.entry(word).or_insert(0) += 1;
    }
    let made = op(8, 0, "", &[])?;
    let mut words: Vec<_> = counts.into_iter().collect();
    words.sort();
    for (word, count) in words {
        let (key, value) = (from_text(word)?, from_int(count)?);
        op(4, made.0, "", &[key.0, value.0])?;
    }
    Ok(made)
});
export!(apply_all, |args, _| {
    let f = arg(args, 0, "apply_all")?;
    let made = op(9, 0, "", &[])?;
    for item in items(arg(args, 1, "apply_all")?)? {
        let result = op(0, f, "__call__", &[item.0])?;
        op(0, made.0, "append", &[result.0])?;
    }
    Ok(made)
});
export!(safely, |args, _| match op(0, arg(args, 0, "safely")?, "__call__", &[]) {
    Ok(value) => Ok(value),
    Err(_) => {
        let (kind, message) = take_error().unwrap_or((9, String::new()));
        from_text(&format!("{}|{}", kind, message))
    }
});
export!(panics, |_, _| -> Answer<Object> { panic!("on purpose") });
export!(__const_LIMIT, |_, _| from_int(i128::MAX));

struct Account {
    owner: String,
    cents: i128,
    log: Vec<String>,
}
thread_local! {
    static ACCOUNTS: RefCell<Vec<Account>> = RefCell::new(Vec::new());
}
fn account<T>(args: &[u32], body: impl FnOnce(&mut Account) -> Answer<T>) -> Answer<T> {
    let id = op(1, arg(args, 0, "Account")?, "__rust_id", &[])?;
    let id = int("__rust_id", id.0)? as usize;
    ACCOUNTS.with(|all| match all.borrow_mut().get_mut(id) {
        Some(found) => body(found),
        None => error(2, "no such account"),
    })
}
export!(__class_Account___init__, |args, slot| {
    let owner = text("Account: owner", arg(args, 1, "Account")?)?;
    let cents = match keyword(slot, "cents")? {
        Some(value) => int("Account: cents", value.0)?,
        None => 0,
    };
    let id = ACCOUNTS.with(|all| {
        all.borrow_mut().push(Account { owner, cents, log: Vec::new() });
        all.borrow().len() - 1
    });
    let number = from_int(id as i128)?;
    op(2, args[0], "__rust_id", &[number.0])?;
    none()
});
export!(__class_Account_pay, |args, _| {
    let cents = int("pay: cents", arg(args, 1, "pay")?)?;
    account(args, |it| {
        if cents > it.cents {
            return error(VALUE, format!("{} has {} cents, not {}", it.owner, it.cents, cents));
        }
        it.cents -= cents;
        it.log.push(format!("-{}", cents));
        from_int(it.cents)
    })
});
export!(__class_Account_log, |args, _| {
    let lines = account(args, |it| Ok(it.log.clone()))?;
    let made = lines.iter().map(|line| from_text(line)).collect::<Answer<Vec<_>>>()?;
    op(11, 0, "", &made.iter().map(|one| one.0).collect::<Vec<_>>())
});
export!(__class_Account___repr__, |args, _| account(args, |it| from_text(&format!("<{}: {}>", it.owner, it.cents))));
