//! Ordered values, JMESPath and AWS CLI's output formats.
