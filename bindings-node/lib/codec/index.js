'use strict';

module.exports = { ...require('./shapes'), ...require('./structures'), ...require('./operation') };
