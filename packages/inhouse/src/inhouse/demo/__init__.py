"""The whole road, driven for real: a library goes from nothing to installed by another project.

`story` is what happens, step by step; `stage` the folder, homes and environments it happens in; `repository` the
embedded repository as a process; `distributions` inhouse's own wheels; `road` runs the steps and times them; `report`
says what they proved. Nothing is mocked: the demo drives the programs that people use.
"""
