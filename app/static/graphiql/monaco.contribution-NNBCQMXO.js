/*! Licences of the bundled packages: LICENSES.txt */
import{a,b}from"/static/graphiql/chunk-O75TAPCA.js";import"/static/graphiql/chunk-VTGX5M72.js";import"/static/graphiql/chunk-UVUGXK3P.js";import"/static/graphiql/chunk-ED4A4TAS.js";export{b as getWorker,a as jsonDefaults};
