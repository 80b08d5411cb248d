//! Packs that are not whole: told, never believed.

use awsx_model::pack::{Pack, PackedService, write};
use awsx_model::{ModelError, Service, ShapeId, service};

#[test]
fn what_was_written_is_read() {
    let pack = Pack::new(sts().leak());
    assert_eq!(pack.names().unwrap(), ["sts"]);
    let (read, original) = (pack.service("sts").unwrap().unwrap(), built_in());
    assert_eq!(format!("{read:?}"), format!("{original:?}"));
}

#[test]
fn the_same_services_make_the_same_bytes() {
    assert_eq!(sts(), sts());
}

#[test]
fn a_pack_cut_short_is_refused() {
    let whole = sts();
    for length in 0..whole.len() {
        let pack: &'static Pack = Box::leak(Box::new(Pack::new(whole[..length].to_vec().leak())));
        let read = pack.service("sts").and_then(|_| pack.partitions());
        assert!(matches!(read, Err(ModelError::Packed { .. })), "{length}");
    }
}

#[test]
fn a_changed_byte_is_refused_or_harmless() {
    let whole = sts();
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 0x55;
        if let Ok(Some(service)) = Pack::new(changed.leak()).service("sts") {
            // All ids lead somewhere, whatever else the bytes say now.
            for operation in &service.operations {
                operation.input.map(|input| service.shape(input.shape));
                operation.output.map(|output| service.shape(output.shape));
            }
        }
    }
}

#[test]
fn an_id_that_leads_nowhere_is_refused() {
    let mut service = built_in().clone();
    let nowhere = ShapeId(u32::try_from(service.shapes.len()).unwrap());
    service.operations[0].errors.push(nowhere);
    let pack = Pack::new(write(vec![PackedService { service, rules: None }], &[]).unwrap().leak());
    let error = pack.service("sts").unwrap_err().to_string();
    assert_eq!(error, "the built-in model of `sts` is damaged: a shape is missing");
}

#[test]
fn an_empty_pack_has_no_services() {
    let pack = Pack::empty();
    assert!(pack.names().unwrap().is_empty());
    assert!(pack.service("sts").unwrap().is_none());
}

fn built_in() -> &'static Service {
    service("sts").expect("the pack is whole").expect("there is STS")
}

fn sts() -> Vec<u8> {
    write(vec![PackedService { service: built_in().clone(), rules: None }], &[])
        .expect("it is packed in memory")
}
