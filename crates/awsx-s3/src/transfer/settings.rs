//! How transfers are made.

use awsx_core::store::JsonCache;

use crate::bandwidth::Bandwidth;
use crate::checksum::Algorithm;
use crate::options::RequestHeaders;

/// What copies within S3 take along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CopyProps {
    /// Nothing.
    None,
    /// Metadata and headers.
    MetadataDirective,
    /// Those and tags.
    #[default]
    Default,
    /// Everything S3 knows of.
    All,
}

/// How transfers are made.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of the user's")]
pub struct TransferSettings {
    /// How many requests are under way at first.
    pub lanes: usize,
    /// How many there may come to be.
    pub most_lanes: usize,
    /// How many tasks wait at most.
    pub queue_size: usize,
    /// From this size on, objects move in parts.
    pub multipart_threshold: u64,
    /// The size of parts, where nothing asks for larger ones.
    pub multipart_chunksize: u64,
    /// The limit for all that moves.
    pub bandwidth: Bandwidth,
    /// The checksum of what is uploaded.
    pub checksum: Option<Algorithm>,
    /// The checksum of copies, where one is asked for.
    pub copy_checksum: Option<Algorithm>,
    /// Whether what is downloaded is held against the object's checksum.
    pub validates: bool,
    /// Whether the source goes when its copy is there.
    pub moves: bool,
    /// Whether what is there is left alone.
    pub no_overwrite: bool,
    /// Whether content types are guessed from names.
    pub guesses_type: bool,
    /// What copies take along.
    pub copy_props: CopyProps,
    /// Whether metadata is given rather than taken along (`--metadata-directive REPLACE`).
    pub replaces_metadata: bool,
    /// The headers of each kind of request.
    pub headers: RequestHeaders,
    /// Where transfers in parts are noted, so that another process can go on with them; what nobody came back to is
    /// cleared from there.
    pub notes: Option<JsonCache>,
    /// Whether this process goes on with what is noted, and notes what it does.
    pub resumes: bool,
    /// Whether events are told of tasks that went well.
    pub tells_done: bool,
}

/// The size from which AWS CLI moves objects in parts, and that of the parts.
pub const PART_SIZE: u64 = 8 * 1024 * 1024;

const FIRST_LANES: usize = 10;
const MOST_LANES: usize = 64;

impl TransferSettings {
    /// AWS CLI's, with as many requests at once as do good.
    pub fn new(headers: RequestHeaders) -> Self {
        Self {
            lanes: FIRST_LANES,
            most_lanes: MOST_LANES,
            queue_size: 1000,
            multipart_threshold: PART_SIZE,
            multipart_chunksize: PART_SIZE,
            bandwidth: Bandwidth::default(),
            checksum: Some(Algorithm::Crc64Nvme),
            copy_checksum: None,
            validates: true,
            moves: false,
            no_overwrite: false,
            guesses_type: true,
            copy_props: CopyProps::default(),
            replaces_metadata: false,
            headers,
            notes: None,
            resumes: false,
            tells_done: true,
        }
    }
}
