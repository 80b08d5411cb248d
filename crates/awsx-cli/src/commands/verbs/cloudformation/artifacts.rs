//! The local files that a template names: which properties of which resources do, and what stands in their place once the
//! files are in S3.

use std::io::Write;
use std::path::{Component, Path, PathBuf};

use indexmap::IndexMap;
use tempfile::NamedTempFile;

use super::uploader::Uploader;
use crate::commands::verbs::archive;
use crate::commands::verbs::tree::Node;
use crate::error::{CommandError, CommandResult};

/// A property that may name a file or folder.
struct Property {
    /// Of resources of this type.
    resource: &'static str,
    /// Its path in their properties.
    path: &'static str,
    form: Form,
    /// Whether the template's folder is meant where the property is missing.
    means_folder: bool,
    /// Whether a file that is no zip file becomes one.
    zips: bool,
}

/// What stands in the property's place.
enum Form {
    /// A URL.
    Url,
    /// A map of bucket, key and, where a URL of the user's has one, version.
    Parts { bucket: &'static str, key: &'static str, version: Option<&'static str> },
    /// The URL of a template, whose own files are uploaded first.
    Template,
}

const fn url(resource: &'static str, path: &'static str) -> Property {
    Property { resource, path, form: Form::Url, means_folder: false, zips: false }
}

const fn parts(
    resource: &'static str,
    path: &'static str,
    [bucket, key]: [&'static str; 2],
    version: Option<&'static str>,
) -> Property {
    let form = Form::Parts { bucket, key, version };
    Property { resource, path, form, means_folder: false, zips: false }
}

const fn code(property: Property) -> Property {
    Property { means_folder: true, zips: true, ..property }
}

const fn nested(resource: &'static str, path: &'static str) -> Property {
    Property { resource, path, form: Form::Template, means_folder: true, zips: false }
}

const RESOURCES: &[Property] = &[
    code(url("AWS::Serverless::Function", "CodeUri")),
    url("AWS::Serverless::Api", "DefinitionUri"),
    url("AWS::AppSync::GraphQLSchema", "DefinitionS3Location"),
    url("AWS::AppSync::Resolver", "RequestMappingTemplateS3Location"),
    url("AWS::AppSync::Resolver", "ResponseMappingTemplateS3Location"),
    url("AWS::AppSync::FunctionConfiguration", "RequestMappingTemplateS3Location"),
    url("AWS::AppSync::FunctionConfiguration", "ResponseMappingTemplateS3Location"),
    parts("AWS::ApiGateway::RestApi", "BodyS3Location", ["Bucket", "Key"], Some("Version")),
    code(parts("AWS::Lambda::Function", "Code", ["S3Bucket", "S3Key"], Some("S3ObjectVersion"))),
    Property {
        means_folder: true,
        ..parts("AWS::ElasticBeanstalk::ApplicationVersion", "SourceBundle", ["S3Bucket", "S3Key"], None)
    },
    nested("AWS::CloudFormation::Stack", "TemplateURL"),
    nested("AWS::Serverless::Application", "Location"),
    code(url("AWS::Serverless::LayerVersion", "ContentUri")),
    code(parts("AWS::Lambda::LayerVersion", "Content", ["S3Bucket", "S3Key"], Some("S3ObjectVersion"))),
    Property { means_folder: true, ..url("AWS::Glue::Job", "Command.ScriptLocation") },
    parts("AWS::StepFunctions::StateMachine", "DefinitionS3Location", ["Bucket", "Key"], Some("Version")),
    parts("AWS::Serverless::StateMachine", "DefinitionUri", ["Bucket", "Key"], Some("Version")),
    Property {
        zips: true,
        ..parts("AWS::CodeCommit::Repository", "Code.S3", ["Bucket", "Key"], Some("ObjectVersion"))
    },
];

/// What the template says of itself.
const METADATA: &[Property] = &[
    url("AWS::ServerlessRepo::Application", "ReadmeUrl"),
    url("AWS::ServerlessRepo::Application", "LicenseUrl"),
];

/// Uploads what a template names, and gives the template that names it in S3. `path` is the template's own, absolute.
pub(super) async fn export(path: &Path, uploader: &Uploader<'_>) -> CommandResult<Node> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        CommandError::general(format!("could not read the template `{}`", path.display())).caused_by(&error)
    })?;
    let mut template = Node::parse_template(path, &text)?;
    let folder = path.parent().unwrap_or(Path::new("/"));
    let exporter = Exporter { folder, uploader };
    if let Some(Node::Map(described)) = template_entry(&mut template, "Metadata") {
        for (name, properties) in described {
            exporter.properties(METADATA, name, name, properties).await?;
        }
    }
    if template.get("Resources").is_some() {
        exporter.includes(&mut template).await?;
    }
    if let Some(resources) = template_entry(&mut template, "Resources") {
        exporter.resources(resources).await?;
    }
    Ok(template)
}

fn template_entry<'t>(template: &'t mut Node, name: &str) -> Option<&'t mut Node> {
    match template {
        Node::Map(entries) => entries.get_mut(name),
        _ => None,
    }
}

struct Exporter<'e, 'c> {
    /// What paths in the template are relative to.
    folder: &'e Path,
    uploader: &'e Uploader<'c>,
}

impl Exporter<'_, '_> {
    /// Local files of `AWS::Include`, wherever it stands.
    async fn includes(&self, node: &mut Node) -> CommandResult {
        match node {
            Node::Map(entries) => {
                for (name, entry) in entries {
                    if name == "Fn::Transform" {
                        self.include(entry).await?;
                    } else {
                        Box::pin(self.includes(entry)).await?;
                    }
                }
            }
            Node::List(elements) => {
                for element in elements {
                    Box::pin(self.includes(element)).await?;
                }
            }
            Node::Plain(_) | Node::Text(_) => {}
        }
        Ok(())
    }

    async fn include(&self, transform: &mut Node) -> CommandResult {
        if transform.get("Name").and_then(Node::as_text) != Some("AWS::Include") {
            return Ok(());
        }
        let Some(location) = transform.at("Parameters.Location").and_then(Node::as_text) else {
            return Ok(());
        };
        if location.is_empty() || S3Url::parse(location).is_some() {
            return Ok(());
        }
        let path = self.folder.join(location);
        if !path.is_file() {
            return Err(no_such_path("AWS::Include", "Location", &path.display().to_string()));
        }
        let key = self.uploader.upload(&path, None).await?;
        transform.set("Parameters.Location", Node::Text(self.uploader.s3_url(&key)));
        Ok(())
    }

    async fn resources(&self, resources: &mut Node) -> CommandResult {
        let Node::Map(resources) = resources else { return Ok(()) };
        for (id, resource) in resources {
            if id.starts_with("Fn::ForEach::") {
                let Node::List(parts) = resource else { return Err(malformed_loop(id)) };
                let [_, _, body] = parts.as_mut_slice() else { return Err(malformed_loop(id)) };
                Box::pin(self.resources(body)).await?;
                continue;
            }
            let Some(kind) = resource.get("Type").and_then(Node::as_text).map(str::to_owned) else {
                continue;
            };
            if let Some(properties) = template_entry(resource, "Properties") {
                self.properties(RESOURCES, &kind, id, properties).await?;
            }
        }
        Ok(())
    }

    async fn properties(
        &self,
        table: &[Property],
        kind: &str,
        id: &str,
        properties: &mut Node,
    ) -> CommandResult {
        if !matches!(properties, Node::Map(_)) {
            return Ok(());
        }
        for property in table.iter().filter(|property| property.resource == kind) {
            self.property(property, id, properties).await?;
        }
        Ok(())
    }

    async fn property(&self, property: &Property, id: &str, properties: &mut Node) -> CommandResult {
        let value = properties
            .at(property.path)
            .filter(|value| !matches!(value, Node::Plain(text) if text == "null"));
        let is_missing = value.is_none_or(Node::is_empty);
        if matches!(value, Some(Node::Map(_))) || (is_missing && !property.means_folder) {
            return Ok(());
        }
        let value = value.cloned();
        let shown = value.as_ref().map_or_else(|| "None".to_owned(), shown);
        match self.artifact(property, id, value.as_ref()).await {
            Ok(Some(found)) => properties.set(property.path, found),
            Ok(None) => {}
            Err(error) => {
                return Err(CommandError::general(format!(
                    "Unable to upload artifact {shown} referenced by {} parameter of {id} resource.\n{}",
                    property.path, error.message
                )));
            }
        }
        Ok(())
    }

    /// What is to stand in the property's place; nothing where it may stay.
    async fn artifact(
        &self,
        property: &Property,
        id: &str,
        value: Option<&Node>,
    ) -> CommandResult<Option<Node>> {
        let given = value.map(|value| value.as_text().ok_or_else(|| shown(value)));
        if let Form::Template = property.form {
            return match given {
                Some(Ok(path)) if !is_remote(path) => self.nested(property, id, path).await.map(Some),
                _ => Ok(None),
            };
        }
        let url = match given {
            Some(Err(other)) => return Err(no_such_path(id, property.path, &other)),
            Some(Ok(text)) if S3Url::parse(text).is_some() => text.to_owned(),
            Some(Ok(text)) => self.upload(property, id, &normal(&self.folder.join(text))).await?,
            None => self.upload(property, id, self.folder).await?,
        };
        Ok(Some(match &property.form {
            Form::Parts { bucket, key, version } => {
                let url = S3Url::parse(&url).expect("it was parsed, or made of a bucket and a key");
                let parts =
                    [(Some(*bucket), Some(url.bucket)), (Some(*key), Some(url.key)), (*version, url.version)];
                let parts =
                    parts.into_iter().filter_map(|(name, part)| Some((name?.to_owned(), Node::Text(part?))));
                Node::Map(parts.collect::<IndexMap<_, _>>())
            }
            Form::Url | Form::Template => Node::Text(url),
        }))
    }

    /// Uploads a file, or a folder as a zip file.
    async fn upload(&self, property: &Property, id: &str, path: &Path) -> CommandResult<String> {
        let unreadable = |error: std::io::Error| CommandError::general(error.to_string());
        let key = if path.is_dir() {
            let archive = archive::of_folder(path, archive::Hidden::Packed).map_err(unreadable)?;
            self.uploader.upload(archive.path(), None).await?
        } else if !path.is_file() {
            return Err(no_such_path(id, property.path, &path.display().to_string()));
        } else if property.zips && !archive::is_archive(path) {
            let archive = archive::of_file(path).map_err(unreadable)?;
            self.uploader.upload(archive.path(), None).await?
        } else {
            self.uploader.upload(path, None).await?
        };
        Ok(self.uploader.s3_url(&key))
    }

    /// A template in a template.
    async fn nested(&self, property: &Property, id: &str, path: &str) -> CommandResult<Node> {
        let absolute = normal(&self.folder.join(path));
        if !absolute.is_file() {
            return Err(CommandError::general(format!(
                "{} parameter of {id} resource is invalid. It must be a S3 URL or path to CloudFormation template \
                 file. Actual: {}",
                property.path,
                absolute.display()
            )));
        }
        let template = Box::pin(export(&absolute, self.uploader)).await?;
        let key = upload_template(self.uploader, &awsx_output::yaml_template(&template)).await?;
        Ok(Node::Text(self.uploader.path_url(&key).await?))
    }
}

/// Uploads a template's text, and gives the name of its object.
pub(super) async fn upload_template(uploader: &Uploader<'_>, text: &str) -> CommandResult<String> {
    let unwritable =
        |error: std::io::Error| CommandError::general("could not write a temporary file").caused_by(&error);
    let mut file = NamedTempFile::new().map_err(unwritable)?;
    file.write_all(text.as_bytes()).map_err(unwritable)?;
    uploader.upload(file.path(), Some("template")).await
}

fn no_such_path(id: &str, property: &str, path: &str) -> CommandError {
    CommandError::general(format!(
        "Parameter {property} of resource {id} refers to a file or folder that does not exist {path}"
    ))
}

fn malformed_loop(id: &str) -> CommandError {
    CommandError::general(format!(
        "The value of {id} has an invalid \"Fn::ForEach::\" format: Must be a list of three entries"
    ))
}

fn is_remote(path: &str) -> bool {
    S3Url::parse(path).is_some() || path.starts_with("http://") || path.starts_with("https://")
}

fn shown(node: &Node) -> String {
    match node {
        Node::Text(text) | Node::Plain(text) => text.clone(),
        other => other.to_json(),
    }
}

/// An object in S3.
struct S3Url {
    bucket: String,
    key: String,
    version: Option<String>,
}

impl S3Url {
    /// Reads `s3://bucket/key?versionId=x`.
    fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("s3://")?;
        let (rest, _) = rest.split_once('#').unwrap_or((rest, ""));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (bucket, key) = path.split_once('/').filter(|(bucket, _)| !bucket.is_empty())?;
        let version = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "versionId");
        Some(Self {
            bucket: bucket.to_owned(),
            key: key.trim_start_matches('/').to_owned(),
            version: version.map(|(_, value)| value.into_owned()).filter(|value| !value.is_empty()),
        })
    }
}

/// A path without `.` and `..`, whatever links say.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            part => normal.push(part),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_objects_are_taken_apart() {
        let url = S3Url::parse("s3://b/k/l?versionId=v%20w").unwrap();
        assert_eq!(
            (url.bucket.as_str(), url.key.as_str(), url.version.as_deref()),
            ("b", "k/l", Some("v w"))
        );
        assert!(S3Url::parse("s3://b").is_none());
        assert!(S3Url::parse("s3:///k").is_none());
        assert!(S3Url::parse("https://b/k").is_none());
    }

    #[test]
    fn paths_lose_their_detours() {
        assert_eq!(normal(Path::new("/a/./b/../c")), Path::new("/a/c"));
    }
}
