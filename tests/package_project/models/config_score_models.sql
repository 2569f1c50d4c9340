-- A name that the package once had for a model of its own.
select 'propensity' as model_name
