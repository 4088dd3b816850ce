//! Does the steps of the story through this crate: one arm for each call. What it gives is the result as a document.
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

use interplay::*;
use serde_json::{json, Value as Json};

/// What a step has made, under its name.
pub enum Made {
    Model(Model),
    Dataset(Dataset),
    Monitor(Monitor<'static>),
    Assembly(Assembly),
    Scorer(Scorer),
    Bytes(Bytes),
    Id(Id),
}

pub struct Teller {
    pub story: Json,
    pub folder: PathBuf,
    pub made: HashMap<String, Made>,
}

/// A handle that an earlier step has made; a wrong name is a defect of the story.
macro_rules! made {
    ($self:ident, $step:ident, $key:literal, $kind:ident) => {
        match $self.made.get($step[$key].as_str().unwrap()) {
            Some(Made::$kind(made)) => made,
            _ => panic!("no such {}: {}", $key, $step[$key]),
        }
    };
    (mut $self:ident, $step:ident, $key:literal, $kind:ident) => {
        match $self.made.get_mut($step[$key].as_str().unwrap()) {
            Some(Made::$kind(made)) => made,
            _ => panic!("no such {}: {}", $key, $step[$key]),
        }
    };
}

impl Teller {
    pub fn tell(&mut self, step: &Json) -> Result<Json> {
        let text = |key: &str| step[key].as_str().unwrap_or_else(|| panic!("no {key} in {step}"));
        let path = self.folder.join(step["path"].as_str().unwrap_or_default());
        if let Some(content) = step["write"].as_str() {
            std::fs::write(&path, content).unwrap();
        }
        let options = &step["options"];
        let made = match text("call") {
            "version" => return Ok(json!(version())),
            "engine_list" => return engines(),
            "engine_info" => return engine(text("engine")),
            "table_info" => return self.table(&step["table"])?.info(),
            "fit_pairs" => {
                let (users, items, labels) = (ints(&step["users"]), ints(&step["items"]), floats(&step["labels"]));
                Made::Model(Model::fit_pairs(text("engine"), &step["params"], &users, &items, Some(&labels))?)
            }
            "predict_pairs" => {
                let scores = made!(self, step, "model", Model).predict_pairs(&ints(&step["users"]), &ints(&step["items"]))?;
                return Ok(json!({"scores": scores}));
            }
            "recommend_user" => {
                let best = made!(self, step, "model", Model).recommend_user(int(&step["user"]), int(&step["k"]) as usize)?;
                let (items, scores): (Vec<_>, Vec<_>) = best.into_iter().unzip();
                return Ok(json!({"items": items, "scores": scores}));
            }
            "dataset_new" => Made::Dataset(Dataset::new(&step["schema"])?),
            "dataset_append" => {
                let table = self.table(&step["table"])?;
                return done(made!(mut self, step, "dataset", Dataset).append(text("part"), &table));
            }
            "dataset_seal" => return done(made!(mut self, step, "dataset", Dataset).seal()),
            "dataset_info" => return made!(self, step, "dataset", Dataset).info(),
            "dataset_split" => {
                let (first, second) = made!(self, step, "dataset", Dataset).split(options)?;
                self.made.insert(step["as"][0].as_str().unwrap().into(), Made::Dataset(first));
                self.made.insert(step["as"][1].as_str().unwrap().into(), Made::Dataset(second));
                return Ok(Json::Null);
            }
            "monitor_new" => Made::Monitor(Monitor::new()?),
            "monitor_read" => return made!(self, step, "monitor", Monitor).read_json(),
            "monitor_cancel" => {
                made!(self, step, "monitor", Monitor).cancel();
                return Ok(Json::Null);
            }
            "model_create" => Made::Model(Model::create(text("engine"), &step["params"])?),
            "model_fit" => Made::Model(self.fit(step)?),
            "model_predict" => {
                let output = options["output"].as_str().unwrap_or("score");
                let rows = made!(self, step, "model", Model).predict(&self.table(&step["rows"])?, options)?;
                return Ok(json!({output: rows.values::<f32>(output)?}));
            }
            "model_recommend" => {
                let candidates = step.get("candidates").map(|name| self.table(name)).transpose()?;
                let users = self.table(&step["users"])?;
                return columns(&made!(self, step, "model", Model).recommend(&users, candidates.as_ref(), options)?);
            }
            "model_evaluate" => {
                return made!(self, step, "model", Model).evaluate(made!(self, step, "dataset", Dataset), options)
            }
            "model_explain" => return made!(self, step, "model", Model).explain(&self.table(&step["rows"])?, options),
            "model_update" => {
                let table = self.table(&step["table"])?;
                Made::Model(made!(self, step, "model", Model).update(text("part"), &table, options)?)
            }
            "model_info" => return made!(self, step, "model", Model).info(),
            "model_save" => return done(made!(self, step, "model", Model).save(path, options)),
            "model_load" => Made::Model(Model::load(path, options)?),
            "file_info" => return file_info(path),
            "model_dump" => Made::Bytes(made!(self, step, "model", Model).to_bytes(options)?),
            "model_parse" => Made::Model(self.parse(step)?),
            "model_tensors" => return made!(self, step, "model", Model).tensors(),
            "model_tensor" => return Ok(json!({"values": made!(self, step, "model", Model).tensor(text("name"))?})),
            "assembly_new" => Made::Assembly(Assembly::new(text("engine"), &step["params"], &step["description"])?),
            "assembly_add_values" => {
                let table = self.table(&step["table"])?;
                return done(made!(mut self, step, "assembly", Assembly).add_values(text("field"), &table));
            }
            "assembly_add_tensor" => {
                let shape: Vec<usize> = ints(&step["shape"]).into_iter().map(|length| length as usize).collect();
                let values = floats(&step["values"]);
                return done(made!(mut self, step, "assembly", Assembly).add_tensor(text("name"), &values, &shape));
            }
            "assembly_finish" => Made::Model(made!(self, step, "assembly", Assembly).finish()?),
            "scorer_open" => {
                Made::Scorer(made!(self, step, "model", Model).scorer(&texts(&step["shared"]), &texts(&step["row"]), options)?)
            }
            "scorer_resolve" => {
                let value = cell(&step["value"], &self.made);
                Made::Id(made!(self, step, "scorer", Scorer).resolve(int(&step["column"]) as usize, value)?)
            }
            "scorer_stats" => return made!(self, step, "scorer", Scorer).stats(),
            call @ ("scorer_score" | "scorer_top") => return self.score(step, call),
            other => panic!("a call that this teller does not know: {other}"),
        };
        if let Some(name) = step["as"].as_str() {
            self.made.insert(name.into(), made);
        }
        Ok(Json::Null)
    }

    fn fit(&self, step: &Json) -> Result<Model> {
        let mut fit = made!(self, step, "model", Model).fit(made!(self, step, "train", Dataset));
        if !step["valid"].is_null() {
            fit = fit.valid(made!(self, step, "valid", Dataset));
        }
        if !step["monitor"].is_null() {
            fit = fit.monitor(made!(self, step, "monitor", Monitor));
        }
        if step["progress"] == "stop" {
            fit = fit.progress(|_| ControlFlow::Break(()));
        }
        fit.threads(step["options"]["threads"].as_u64().unwrap_or(0) as u32).run()
    }

    fn parse(&self, step: &Json) -> Result<Model> {
        let mut bytes = made!(self, step, "bytes", Bytes).to_vec();
        bytes.truncate(step["cut"].as_u64().map_or(bytes.len(), |cut| cut as usize));
        if let Some(offset) = step["patch"]["offset"].as_u64() {
            bytes[offset as usize] = step["patch"]["byte"].as_u64().unwrap() as u8;
        }
        Model::from_bytes(&bytes, ())
    }

    fn score(&mut self, step: &Json, call: &str) -> Result<Json> {
        let shared = cells(&step["shared"], &self.made);
        let rows: Vec<_> = step["rows"].as_array().into_iter().flatten().flat_map(|row| cells(row, &self.made)).collect();
        let scorer = made!(mut self, step, "scorer", Scorer);
        if call == "scorer_score" {
            return Ok(json!({"scores": scorer.score(&shared, &rows)?}));
        }
        let given = step.get("rows").map(|_| &rows[..]);
        let (index, scores): (Vec<_>, Vec<_>) = scorer.top(&shared, given, int(&step["k"]) as usize)?.into_iter().unzip();
        let mut items = Vec::new();
        for index in index.iter().filter(|_| given.is_none()) {
            items.push(match scorer.item(*index)? {
                Item::Int64(id) => json!(id),
                Item::String(id) => json!(id),
            });
        }
        Ok(json!({"index": index, "scores": scores, "items": items}))
    }

    fn table(&self, name: &Json) -> Result<Table> {
        let columns = self.story["tables"][name.as_str().unwrap()].as_array().unwrap();
        Table::of(columns.iter().map(|column| (column["name"].as_str().unwrap(), column_of(column))))
    }
}

fn column_of(column: &Json) -> Column {
    match column["type"].as_str().unwrap() {
        "int64" => filled(column, int),
        "int32" => filled(column, |value| int(value) as i32),
        "float32" => filled(column, |value| float(value) as f32),
        "float64" => filled(column, float),
        "bool8" => filled(column, |value| int(value) == 1),
        "string" => filled(column, |value| value.as_str().unwrap().to_string()),
        other => panic!("a type that this teller does not know: {other}"),
    }
}

fn filled<T: interplay::Value>(column: &Json, read: impl Fn(&Json) -> T + Copy) -> Column {
    let present = |value: &Json| (!value.is_null()).then(|| read(value));
    match column["lists"].as_array() {
        Some(lists) => Column::lists(lists.iter().map(|list| Some(list.as_array()?.iter().map(read).collect::<Vec<_>>()))),
        None => Column::nullable(column["values"].as_array().unwrap().iter().map(present)),
    }
}

/// A table that came out, as `{column: values}`.
fn columns(table: &Table) -> Result<Json> {
    let mut found = json!({});
    for column in table.info()?["columns"].as_array().unwrap() {
        let name = column["name"].as_str().unwrap();
        found[name] = match column["type"].as_str().unwrap() {
            "int64" => json!(table.values::<i64>(name)?),
            "int32" => json!(table.values::<i32>(name)?),
            "float32" => json!(table.values::<f32>(name)?),
            _ => json!(table.strings(name)?),
        };
    }
    Ok(found)
}

/// A cell of the story. Its lists are leaked: this is a test that ends.
fn cell(value: &Json, made: &HashMap<String, Made>) -> Cell<'static> {
    let Some((kind, value)) = value.as_object().and_then(|cell| cell.iter().next()) else { return Cell::Null };
    match (kind.as_str(), value.as_str().and_then(|name| made.get(name))) {
        ("id", Some(Made::Id(id))) => Cell::Id(*id),
        ("int64", _) => Cell::Int64(int(value)),
        ("float64", _) => Cell::Float64(float(value)),
        ("string", _) => Cell::String(String::leak(value.as_str().unwrap().into())),
        ("list", _) => Cell::List(Vec::leak(cells(value, made))),
        other => panic!("a cell that this teller does not know: {}", other.0),
    }
}

fn cells(values: &Json, made: &HashMap<String, Made>) -> Vec<Cell<'static>> {
    values.as_array().into_iter().flatten().map(|value| cell(value, made)).collect()
}

fn done(result: Result<()>) -> Result<Json> {
    result.map(|()| Json::Null)
}

/// A whole number above 2^53 is written as a string.
fn int(value: &Json) -> i64 {
    value
        .as_i64()
        .unwrap_or_else(|| value.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("no id: {value}")))
}

fn float(value: &Json) -> f64 {
    if value == "NaN" {
        f64::NAN
    } else {
        value.as_f64().unwrap()
    }
}

fn ints(values: &Json) -> Vec<i64> {
    values.as_array().unwrap().iter().map(int).collect()
}

fn floats(values: &Json) -> Vec<f32> {
    values.as_array().unwrap().iter().map(|value| float(value) as f32).collect()
}

fn texts(values: &Json) -> Vec<&str> {
    values.as_array().unwrap().iter().map(|value| value.as_str().unwrap()).collect()
}
