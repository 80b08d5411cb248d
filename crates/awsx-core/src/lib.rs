//! The user's AWS files and settings: lossless INI, profiles, settings with origin, atomic locked stores.
