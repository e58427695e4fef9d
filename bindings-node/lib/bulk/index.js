'use strict';

// Tables in, tables out: a million rows by the kernels that rate one, off the main thread.

const { OPEN } = require('./columns');
const { Rater } = require('./rater');
const { Column, Table, faults } = require('./table');
const { Statements } = require('./statements');

module.exports = { Column, OPEN, Rater, Statements, Table, faults };
