//! What the engines' structs have in common: engines.rs lists the parameters.

macro_rules! engine {
    ($(#[$about:meta])* $engine:ident = $name:literal { $($(#[$doc:meta])* $parameter:ident: $type:ty,)* }) => {
        $(#[$about])*
        ///
        /// Parameters that are not set are at their defaults. serde reads and writes them.
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct $engine {
            $(#[serde(skip_serializing_if = "Option::is_none")] $parameter: Option<$type>,)*
            #[serde(flatten)]
            more: serde_json::Map<String, serde_json::Value>,
        }

        impl $engine {
            /// The engine's name.
            pub const NAME: &'static str = $name;

            /// Every parameter at its default.
            pub fn new() -> Self {
                Self::default()
            }

            /// A parameter by its name; one that the engine does not have is refused by [`create`](Self::create), which names
            /// the nearest.
            pub fn set(mut self, parameter: &str, value: impl Into<serde_json::Value>) -> Self {
                self.more.insert(parameter.to_string(), value.into());
                self
            }

            /// A model with these parameters that has learned nothing yet.
            pub fn create(&self) -> crate::Result<crate::Model> {
                crate::Model::create(Self::NAME, self)
            }

            /// Create and fit in one call: see [`Model::fit_pairs`](crate::Model::fit_pairs).
            pub fn fit_pairs(&self, users: &[i64], items: &[i64], labels: Option<&[f32]>) -> crate::Result<crate::Model> {
                crate::Model::fit_pairs(Self::NAME, self, users, items, labels)
            }

            $($(#[$doc])*
            pub fn $parameter(mut self, value: impl Into<$type>) -> Self {
                self.$parameter = Some(value.into());
                self
            })*
        }
    };
}
pub(crate) use engine;
